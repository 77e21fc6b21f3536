import { isJsonObject, type JsonValue } from '@mcp-acp/shared/json';

export const testKinds = ['glob', 'equals', 'range', 'absent', 'present'] as const;
export type TestKind = (typeof testKinds)[number];

export const testKindLabels: Readonly<Record<TestKind, string>> = {
  glob: 'is like',
  equals: 'is exactly',
  range: 'lies between',
  absent: 'is missing',
  present: 'is there',
};

/** One test of a value, as a form holds it. */
export interface TestRow {
  readonly path: string;
  readonly kind: TestKind;
  /** `glob`: patterns, `equals`: values; one a line. */
  readonly values: string;
  readonly min: string;
  readonly max: string;
}

export const emptyTest: TestRow = { path: '', kind: 'glob', values: '', min: '', max: '' };

/** Undefined where the form could not show all of it. */
export function rowsOfTests(written: JsonValue): readonly TestRow[] | undefined {
  if (!isJsonObject(written)) return undefined;
  const rows = Object.entries(written).map(([path, value]) => rowOfTest(path, value));
  return rows.every((row) => row !== undefined) ? rows : undefined;
}

function rowOfTest(path: string, value: JsonValue): TestRow | undefined {
  const row = { ...emptyTest, path };
  if (!isJsonObject(value)) {
    const list: readonly JsonValue[] = Array.isArray(value) ? value : [value];
    if (list.every((item) => typeof item === 'string')) return fromTexts(row, list);
    return list.every(isScalar)
      ? { ...row, kind: 'equals', values: list.map(exactText).join('\n') }
      : undefined;
  }
  const [entry, second] = Object.entries(value);
  if (entry === undefined || second !== undefined) return undefined;
  const [key, check] = entry;
  if (key === 'glob') {
    const list: readonly JsonValue[] = Array.isArray(check) ? check : [check];
    return list.every((item) => typeof item === 'string') ? fromTexts(row, list) : undefined;
  }
  if (key === 'equals')
    return isScalar(check) ? { ...row, kind: 'equals', values: exactText(check) } : undefined;
  if (key === 'one_of') {
    if (!Array.isArray(check) || !check.every(isScalar)) return undefined;
    return { ...row, kind: 'equals', values: check.map(exactText).join('\n') };
  }
  if (key === 'absent') return { ...row, kind: check === true ? 'absent' : 'present' };
  if (key !== 'range' || !isJsonObject(check)) return undefined;
  return { ...row, kind: 'range', min: numberText(check.min), max: numberText(check.max) };
}

const fromTexts = (row: TestRow, list: readonly string[]): TestRow | undefined =>
  list.some((item) => item.includes('\n') || item.trim() !== item)
    ? undefined
    : { ...row, kind: 'glob', values: list.join('\n') };

const isScalar = (value: JsonValue): value is string | number | boolean | null =>
  value === null || typeof value !== 'object';

/** A text that would be read as something else, or not as it stands, is put in quotes. */
function exactText(value: string | number | boolean | null): string {
  if (typeof value !== 'string') return JSON.stringify(value);
  return value === '' || exactValue(value) !== value || /[\n\r]/.test(value) ? JSON.stringify(value) : value;
}

/** A line as the value it means: a number, true, false and null are those; everything else is a text. */
export function exactValue(line: string): string | number | boolean | null {
  const trimmed = line.trim();
  if (!/^(?:-?[0-9]|"|true$|false$|null$)/.test(trimmed)) return trimmed;
  try {
    const value: unknown = JSON.parse(trimmed);
    return value === null || typeof value !== 'object'
      ? (value as string | number | boolean | null)
      : trimmed;
  } catch {
    return trimmed;
  }
}

const numberText = (value: JsonValue | undefined): string =>
  typeof value === 'number' ? JSON.stringify(value) : '';

export const linesIn = (text: string): readonly string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

/** Rows as they are written in a policy. Rows without a path are left out. */
export function testsOfRows(rows: readonly TestRow[]): Record<string, JsonValue> {
  return Object.fromEntries(
    rows.filter(({ path }) => path.trim() !== '').map((row) => [row.path.trim(), checkOfRow(row)]),
  );
}

function checkOfRow(row: TestRow): JsonValue {
  switch (row.kind) {
    case 'glob':
      return single(linesIn(row.values));
    case 'equals': {
      const values = linesIn(row.values).map(exactValue);
      const [only] = values;
      return values.length === 1 && only !== undefined ? { equals: only } : { one_of: values };
    }
    case 'range':
      return {
        range: {
          ...(row.min.trim() === '' ? {} : { min: Number(row.min) }),
          ...(row.max.trim() === '' ? {} : { max: Number(row.max) }),
        },
      };
    default:
      return { absent: row.kind === 'absent' };
  }
}

/** One value stands by itself, several in a list. */
export function single(values: readonly string[]): JsonValue {
  const [only] = values;
  return values.length === 1 && only !== undefined ? only : values;
}

/** What is wrong with a row, in a sentence. */
export function problemOfRow(row: TestRow): string | undefined {
  if (row.path.trim() === '') return 'Name the value, such as options.force.';
  if (row.kind === 'glob' || row.kind === 'equals') {
    return linesIn(row.values).length === 0 ? 'Give a value.' : undefined;
  }
  if (row.kind !== 'range') return undefined;
  const given = [row.min, row.max].map((text) => text.trim()).filter((text) => text !== '');
  if (given.length === 0) return 'Give the least or the most.';
  return given.every((text) => Number.isFinite(Number(text))) ? undefined : 'A limit is a number.';
}
