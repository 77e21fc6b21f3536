import type { ArgumentPath } from './argument-path.ts';
import type { When } from './policy.ts';

/** What a test reads of a request beyond its names: whatever of this is not known, its answer is not either. */
export interface LooksAt {
  /** Paths and URIs of the arguments. */
  readonly operands: boolean;
  /** Paths inside text fields. */
  readonly texts: boolean;
  readonly sideEffects: boolean;
  /** Values of the arguments, by where they stand. */
  readonly arguments: readonly ArgumentPath[];
}

const looksAtNames: LooksAt = { operands: false, texts: false, sideEffects: false, arguments: [] };
export const looksAtOperands: LooksAt = { ...looksAtNames, operands: true };

const onNames: ReadonlySet<string> = new Set([
  'mcp_method',
  'tool_name',
  'backend_id',
  'subject_id',
  'client',
  'resource_type',
  'operations',
]);
const argumentName = 'arguments.';
const claimName = 'claims.';

/** `name` as a compiled condition has it: `arguments.branch` for a check of an argument. */
export function looksAtOf(name: string, when: When, mentionsAll: boolean): LooksAt {
  if (onNames.has(name) || name.startsWith(claimName)) return looksAtNames;
  if (name === 'side_effects') return { ...looksAtNames, sideEffects: true };
  if (name.startsWith(argumentName)) {
    const label = name.slice(argumentName.length);
    const paths = (when.arguments ?? []).filter((test) => test.label === label).map((test) => test.path);
    return { ...looksAtNames, arguments: paths };
  }
  // Everything else, and whatever is added to the language, reads paths and URIs.
  return { ...looksAtOperands, texts: mentionsAll };
}

export const allOf = (looks: readonly LooksAt[]): LooksAt => ({
  operands: looks.some((one) => one.operands),
  texts: looks.some((one) => one.texts),
  sideEffects: looks.some((one) => one.sideEffects),
  arguments: looks.flatMap((one) => one.arguments),
});
