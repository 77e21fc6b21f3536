import { isJsonObject, type JsonObject, type JsonValue } from '@mcp-acp/shared/json';
import { type ConditionName, conditionField, fieldNames, isConditionName } from './condition-fields.ts';
import { linesIn, rowsOfTests, single, type TestRow, testsOfRows } from './value-tests.ts';

/** One condition as a form holds it. `written` is how the file has it, which stays where nothing was changed. */
export type ConditionState =
  | {
      readonly kind: 'list';
      readonly name: ConditionName;
      readonly lines: string;
      readonly written?: JsonValue;
    }
  | {
      readonly kind: 'words';
      readonly name: ConditionName;
      readonly words: readonly string[];
      readonly written?: JsonValue;
    }
  | {
      readonly kind: 'tests';
      readonly name: ConditionName;
      readonly rows: readonly TestRow[];
      readonly written?: JsonValue;
    };

export interface RuleForm {
  readonly id: string;
  readonly description: string;
  readonly effect: 'allow' | 'ask' | 'deny';
  readonly conditions: readonly ConditionState[];
  /** None of these may hold. */
  readonly not: readonly (readonly ConditionState[])[];
  readonly mentions: boolean;
  readonly grant: {
    readonly on: boolean;
    readonly ttl: string;
    readonly scope: 'exact' | 'path' | 'tool';
    readonly uses: string;
  };
  /** Empty: any channel may answer. */
  readonly via: readonly string[];
}

export const emptyRule: RuleForm = {
  id: '',
  description: '',
  effect: 'ask',
  conditions: [],
  not: [],
  mentions: false,
  grant: { on: false, ttl: '10m', scope: 'exact', uses: '' },
  via: [],
};

/** A condition with nothing in it yet. */
export function emptyCondition(name: ConditionName): ConditionState {
  const { kind } = conditionField(name);
  if (kind === 'list') return { kind, name, lines: '' };
  return kind === 'words' ? { kind, name, words: [] } : { kind, name, rows: [] };
}

/** A rule as the form edits it; undefined where it holds something that the form would lose. */
export function formOfRule(rule: JsonObject): RuleForm | undefined {
  const { id, description, effect, when, grant, ask } = rule;
  if (typeof id !== 'string' || !isEffect(effect) || !isJsonObject(when)) return undefined;
  const { not, mentions, ...rest } = when;
  const conditions = conditionsOf(rest);
  const groups = not === undefined ? [] : Array.isArray(not) ? not : [not];
  const nots = groups.map((group) => (isJsonObject(group) ? conditionsOf(group) : undefined));
  if (conditions === undefined || !nots.every((group) => group !== undefined)) return undefined;
  const limits = isJsonObject(grant) ? grant : {};
  return {
    id,
    effect,
    description: typeof description === 'string' ? description : '',
    conditions,
    not: nots,
    mentions: mentions === 'all',
    grant: {
      on: grant !== undefined,
      ttl: typeof limits.ttl === 'string' ? limits.ttl : emptyRule.grant.ttl,
      scope: isScope(limits.scope) ? limits.scope : 'exact',
      uses: typeof limits.uses === 'number' ? String(limits.uses) : '',
    },
    via: isJsonObject(ask) ? textsOf(ask.via) : [],
  };
}

const isEffect = (value: unknown): value is RuleForm['effect'] =>
  value === 'allow' || value === 'ask' || value === 'deny';
const isScope = (value: unknown): value is RuleForm['grant']['scope'] =>
  value === 'exact' || value === 'path' || value === 'tool';

const textsOf = (value: JsonValue | undefined): readonly string[] =>
  (Array.isArray(value) ? value : [value]).filter((item) => typeof item === 'string');

function conditionsOf(when: JsonObject): readonly ConditionState[] | undefined {
  const states: (ConditionState | undefined)[] = Object.entries(when).map(([name, written]) =>
    isConditionName(name) ? conditionOf(name, written) : undefined,
  );
  return states.every((state) => state !== undefined) ? states : undefined;
}

function conditionOf(name: ConditionName, written: JsonValue): ConditionState | undefined {
  const { kind, words = [] } = conditionField(name);
  if (kind === 'tests') {
    const rows = rowsOfTests(written);
    return rows && { kind, name, rows, written };
  }
  const texts = textsOf(written);
  if (texts.length !== (Array.isArray(written) ? written.length : 1)) return undefined;
  if (kind === 'words') {
    return texts.every((text) => words.includes(text)) ? { kind, name, words: texts, written } : undefined;
  }
  // A line of the form is a value without blanks around it.
  if (texts.some((text) => text.includes('\n') || text.trim() !== text || text === '')) return undefined;
  return { kind, name, lines: texts.join('\n'), written };
}

/** What would stand in the file. */
export function ruleOfForm(form: RuleForm): JsonObject {
  const { grant } = form;
  const nots = form.not.map(whenOf).filter((group) => Object.keys(group).length > 0);
  const [onlyNot] = nots;
  const when: JsonObject = {
    ...whenOf(form.conditions),
    ...(onlyNot === undefined ? {} : { not: nots.length === 1 ? onlyNot : nots }),
    ...(form.mentions ? { mentions: 'all' } : {}),
  };
  const asks = form.effect === 'ask';
  return {
    id: form.id.trim(),
    ...(form.description.trim() === '' ? {} : { description: form.description.trim() }),
    effect: form.effect,
    when,
    ...(asks && grant.on
      ? {
          grant: {
            ttl: grant.ttl.trim(),
            scope: grant.scope,
            ...(grant.uses.trim() === '' ? {} : { uses: Number(grant.uses) }),
          },
        }
      : {}),
    ...(asks && form.via.length > 0 ? { ask: { via: single(form.via) } } : {}),
  };
}

/** Conditions in the order in which they were added, or of the file. */
function whenOf(conditions: readonly ConditionState[]): JsonObject {
  return Object.fromEntries(
    conditions.flatMap((condition) => {
      const value = isUntouched(condition) ? condition.written : writtenValue(condition);
      return value === undefined ? [] : [[condition.name, value]];
    }),
  );
}

function isUntouched(condition: ConditionState): boolean {
  if (condition.written === undefined) return false;
  const before = conditionOf(condition.name, condition.written);
  const { written: _, ...now } = condition;
  const { written: __, ...was } = before ?? condition;
  return before !== undefined && JSON.stringify(now) === JSON.stringify(was);
}

function writtenValue(condition: ConditionState): JsonValue | undefined {
  if (condition.kind === 'tests') {
    const tests = testsOfRows(condition.rows);
    return Object.keys(tests).length === 0 ? undefined : tests;
  }
  const values = condition.kind === 'list' ? linesIn(condition.lines) : condition.words;
  return values.length === 0 ? undefined : single(values);
}

/** Conditions that the group has not yet. */
export const conditionsLeft = (conditions: readonly ConditionState[]): readonly ConditionName[] =>
  fieldNames.filter((name) => conditions.every((condition) => condition.name !== name));
