import type { conditionNames } from '@mcp-acp/policy/check-when';
import { operations, resourceTypes, sideEffects } from '@mcp-acp/policy/policy';

export type ConditionName = (typeof conditionNames)[number];

export interface ConditionField {
  readonly label: string;
  readonly hint: string;
  /** How it reads in a sentence, before its values. */
  readonly says: string;
  readonly kind: 'list' | 'words' | 'tests';
  readonly words?: readonly string[];
  readonly example?: string;
}

/** What a form offers for each condition, in the order in which a person would think of them. */
const conditionFields = {
  tool_name: {
    label: 'Tool',
    hint: "The tool's name, with * and ?.",
    says: 'tool is',
    kind: 'list',
    example: 'read_*',
  },
  operations: {
    label: 'Operations',
    hint: "What is done, read from the words of the tool's name.",
    says: 'it does',
    kind: 'words',
    words: operations,
  },
  path_pattern: {
    label: 'Paths',
    hint: 'Paths named anywhere in the call. A pattern begins with /, ~/ or **/.',
    says: 'path is',
    kind: 'list',
    example: '~/project/**',
  },
  source_path: {
    label: 'Source paths',
    hint: 'Paths that something is taken from.',
    says: 'source is',
    kind: 'list',
    example: '~/project/**',
  },
  dest_path: {
    label: 'Destination paths',
    hint: 'Paths that something is put to.',
    says: 'destination is',
    kind: 'list',
    example: '~/backup/**',
  },
  extension: {
    label: 'Extensions',
    hint: 'Ends of file names, without wildcards.',
    says: 'extension is',
    kind: 'list',
    example: 'md',
  },
  host: {
    label: 'Hosts',
    hint: 'Hosts of URIs, with * and ?, without scheme and port.',
    says: 'host is',
    kind: 'list',
    example: '*.example.org',
  },
  scheme: {
    label: 'Schemes',
    hint: 'Schemes of URIs, such as https.',
    says: 'scheme is',
    kind: 'list',
    example: 'https',
  },
  side_effects: {
    label: 'Side effects',
    hint: 'What the call may leave behind.',
    says: 'side effects are',
    kind: 'words',
    words: sideEffects,
  },
  arguments: {
    label: 'Arguments',
    hint: 'What values of the arguments must be, by their path: options.force, files[*].path.',
    says: 'argument',
    kind: 'tests',
    example: 'options.force',
  },
  resource_type: {
    label: 'Kind of request',
    hint: 'What kind of thing the request touches.',
    says: 'it asks for a',
    kind: 'words',
    words: resourceTypes,
  },
  mcp_method: {
    label: 'MCP method',
    hint: 'Such as tools/call; * is every request.',
    says: 'method is',
    kind: 'list',
    example: 'tools/call',
  },
  client: {
    label: 'Client',
    hint: 'The name the client gives itself.',
    says: 'client is',
    kind: 'list',
    example: 'claude-*',
  },
  backend_id: {
    label: 'Backend',
    hint: "The backend's id.",
    says: 'backend is',
    kind: 'list',
  },
  subject_id: {
    label: 'Subject',
    hint: 'Who is calling.',
    says: 'subject is',
    kind: 'list',
  },
  claims: {
    label: 'Claims',
    hint: "What the caller's sign-in says.",
    says: 'claim',
    kind: 'tests',
    example: 'groups',
  },
} as const satisfies Record<ConditionName, ConditionField>;

/** In the order of the form. */
export const fieldNames = Object.keys(conditionFields) as readonly ConditionName[];

export const conditionField = (name: ConditionName): ConditionField => conditionFields[name];
export const isConditionName = (name: string): name is ConditionName => Object.hasOwn(conditionFields, name);
