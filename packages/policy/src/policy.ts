import type { Effect } from '@mcp-acp/shared/effect';
import type { ArgumentPath } from './argument-path.ts';

/** The closed word lists of the policy language. The parser, the JSON Schema and the compiler all read these. */
export const effects = ['allow', 'ask', 'deny'] as const satisfies readonly Effect[];
export const operations = ['read', 'list', 'write', 'delete', 'execute', 'send'] as const;
/**
 * `none`: only reads or lists. `filesystem`: changes files. `network`: reaches beyond the machine.
 * `process`: runs programs. `destructive`: may lose data.
 */
export const sideEffects = ['none', 'filesystem', 'network', 'process', 'destructive'] as const;
export const resourceTypes = [
  'tool',
  'resource',
  'prompt',
  'sampling',
  'elicitation',
  'roots',
  'other',
] as const;
export const grantScopes = ['exact', 'path', 'tool'] as const;
export const askChannels = ['dashboard', 'cli', 'dialog'] as const;

export type Operation = (typeof operations)[number];
export type SideEffect = (typeof sideEffects)[number];
export type ResourceType = (typeof resourceTypes)[number];
export type GrantScope = (typeof grantScopes)[number];

export const globConditions = [
  'tool_name',
  'mcp_method',
  'backend_id',
  'subject_id',
  'client',
  'scheme',
  'host',
] as const;
export const pathConditions = ['path_pattern', 'source_path', 'dest_path'] as const;
export const testConditions = ['arguments', 'claims'] as const;

/** Bounds of a policy. Times are milliseconds. */
export const policyLimits = {
  textLength: 1024 * 1024,
  rules: 2_000,
  ruleIdLength: 64,
  patternLength: 1024,
  listLength: 256,
  /** Patterns that the braces of one pattern may unfold to. */
  alternatives: 64,
  minGrantMs: 1_000,
  maxGrantMs: 24 * 60 * 60 * 1_000,
  maxGrantUses: 1_000,
} as const;

/** A grant's `ttl` that lasts as long as the session it was given in. */
export const sessionTtl = 'session';

/** How far one "yes" may reach. */
export interface GrantLimit {
  /** Infinite where it lasts as long as the session. */
  readonly ttlMs: number;
  readonly scope: GrantScope;
  readonly uses?: number;
}

/** What one value must be. */
export type ValueCheck =
  | { readonly kind: 'glob'; readonly anyOf: readonly string[] }
  | { readonly kind: 'equals'; readonly anyOf: readonly (string | number | boolean | null)[] }
  | { readonly kind: 'range'; readonly min?: number; readonly max?: number }
  | { readonly kind: 'absent'; readonly absent: boolean };

/** A check of the values found at a path into the arguments or claims. `label` is the path as written. */
export interface ValueTest {
  readonly label: string;
  readonly path: ArgumentPath;
  readonly check: ValueCheck;
}

/** The conditions of a rule. All must hold; of a list, any one. */
export interface When {
  readonly tool_name?: readonly string[];
  readonly mcp_method?: readonly string[];
  readonly backend_id?: readonly string[];
  readonly subject_id?: readonly string[];
  readonly client?: readonly string[];
  readonly scheme?: readonly string[];
  readonly host?: readonly string[];
  readonly path_pattern?: readonly string[];
  readonly source_path?: readonly string[];
  readonly dest_path?: readonly string[];
  readonly extension?: readonly string[];
  readonly operations?: readonly Operation[];
  readonly side_effects?: readonly SideEffect[];
  readonly resource_type?: readonly ResourceType[];
  readonly arguments?: readonly ValueTest[];
  readonly claims?: readonly ValueTest[];
  /** None of these may hold. */
  readonly not?: readonly When[];
  /** Also judge paths mentioned in text fields. */
  readonly mentions?: 'all';
}

export interface Rule {
  readonly id: string;
  readonly effect: Effect;
  readonly description?: string;
  readonly when: When;
  readonly grant?: GrantLimit;
  readonly ask?: { readonly via?: readonly string[] };
}

/** A policy whose text was checked. */
export interface Policy {
  readonly version: 1;
  readonly rules: readonly Rule[];
}
