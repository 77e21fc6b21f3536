import { isJsonObject, type JsonValue } from '@mcp-acp/shared/json';
import { conditionField, isConditionName } from '../form/condition-fields.ts';
import { rowsOfTests, type TestRow } from '../form/value-tests.ts';

/** A part of a sentence about a rule: words of ours, then values out of the file. */
export interface Phrase {
  readonly words: string;
  /** Any of them. */
  readonly values: readonly string[];
  /** It takes away from what was said before it, and stands last. */
  readonly isException?: boolean;
}

/** The conditions of a rule in plain words: all of them must hold, and none of the exceptions. */
export function conditionsInWords(when: JsonValue | undefined): readonly Phrase[] {
  if (!isJsonObject(when)) return [];
  const phrases = Object.entries(when).flatMap(([name, value]) => phrasesOf(name, value));
  const exceptions = phrases.filter(({ isException }) => isException === true);
  const conditions = phrases.filter(({ isException }) => isException !== true);
  const first = conditions.length === 0 && exceptions.length > 0 ? [anything] : conditions;
  return [...first, ...exceptions];
}

const anything: Phrase = { words: 'any request', values: [] };

function phrasesOf(name: string, value: JsonValue): readonly Phrase[] {
  if (name === 'mentions') return [{ words: 'paths mentioned in texts count too', values: [] }];
  if (name === 'not') {
    const groups: readonly JsonValue[] = Array.isArray(value) ? value : [value];
    return groups.map((group) => ({
      words: `except (${inOneText(conditionsInWords(group))})`,
      values: [],
      isException: true,
    }));
  }
  if (!isConditionName(name)) return [];
  const { says, kind } = conditionField(name);
  if (kind !== 'tests') {
    const values = (Array.isArray(value) ? value : [value]).map(String);
    if (name === 'mcp_method' && values.includes('*')) return [anything];
    return [{ words: says, values }];
  }
  const rows = rowsOfTests(value);
  if (rows === undefined) return [{ words: says, values: [JSON.stringify(value)] }];
  return rows.map((row) => testPhrase(says, row));
}

function testPhrase(says: string, row: TestRow): Phrase {
  const what = `${says} ${row.path}`;
  switch (row.kind) {
    case 'glob':
    case 'equals':
      return { words: `${what} is`, values: row.values.split('\n') };
    case 'range': {
      if (row.min === '') return { words: `${what} is at most`, values: [row.max] };
      if (row.max === '') return { words: `${what} is at least`, values: [row.min] };
      return { words: `${what} lies between`, values: [`${row.min} and ${row.max}`] };
    }
    default:
      return { words: `${what} is ${row.kind === 'absent' ? 'missing' : 'there'}`, values: [] };
  }
}

/** What stands between a phrase and the one before it. */
export const joinOf = ({ isException }: Phrase): string => (isException === true ? ' ' : ' and ');

const inOneText = (phrases: readonly Phrase[]): string =>
  phrases.map((phrase, index) => `${index === 0 ? '' : joinOf(phrase)}${asText(phrase)}`).join('');

const asText = ({ words, values }: Phrase): string =>
  values.length === 0 ? words : `${words} ${values.join(' or ')}`;
