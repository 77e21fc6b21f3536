import { checkTests } from './check-tests.ts';
import { asText, asWord, attempt, knownEntries, oneOrMore, quoted } from './check-values.ts';
import { compileNameGlob, compilePathGlob, unfoldBraces } from './glob.ts';
import { type Located, type LocatedEntry, type LocatedMap, nameOfKind, type Problems } from './located.ts';
import {
  globConditions,
  operations,
  pathConditions,
  resourceTypes,
  sideEffects,
  testConditions,
  type When,
} from './policy.ts';

/** Every condition a rule can hold, besides `not` and `mentions`. */
export const conditionNames = [
  'tool_name',
  'mcp_method',
  'backend_id',
  'resource_type',
  'operations',
  'side_effects',
  'path_pattern',
  'source_path',
  'dest_path',
  'extension',
  'scheme',
  'host',
  'subject_id',
  'client',
  'claims',
  'arguments',
] as const;
export const whenKeys = [...conditionNames, 'not', 'mentions'] as const;

const synonyms = {
  tool: 'tool_name',
  tools: 'tool_name',
  toolnames: 'tool_name',
  name: 'tool_name',
  method: 'mcp_method',
  methods: 'mcp_method',
  path: 'path_pattern',
  paths: 'path_pattern',
  pattern: 'path_pattern',
  file: 'path_pattern',
  source: 'source_path',
  destination: 'dest_path',
  destinationpath: 'dest_path',
  dest: 'dest_path',
  operation: 'operations',
  verbs: 'operations',
  extensions: 'extension',
  ext: 'extension',
  protocol: 'scheme',
  hostname: 'host',
  domain: 'host',
  url: 'host',
  backend: 'backend_id',
  server: 'backend_id',
  user: 'subject_id',
  subject: 'subject_id',
  args: 'arguments',
  params: 'arguments',
  parameters: 'arguments',
  unless: 'not',
  except: 'not',
  any: 'mcp_method',
};
const operationSynonyms = {
  create: 'write',
  update: 'write',
  edit: 'write',
  modify: 'write',
  remove: 'delete',
  run: 'execute',
  exec: 'execute',
  get: 'read',
  fetch: 'read',
  post: 'send',
};

/** Checks a rule's conditions. */
export function checkWhen(node: Located, problems: Problems): When | undefined {
  if (node.kind === 'scalar' && node.value === null) {
    problems.add(node.at, '"when" is empty.', everything);
    return undefined;
  }
  return checkConditions(node, { problems, inNot: false });
}

const everything = 'To match everything write: when: { mcp_method: "*" }';

function checkConditions(
  node: Located,
  context: { readonly problems: Problems; readonly inNot: boolean },
): When | undefined {
  const { problems, inNot } = context;
  const what = inNot ? 'not' : 'when';
  if (node.kind !== 'map') {
    problems.add(node.at, `"${what}" must be a map of conditions, but this is ${nameOfKind(node)}.`);
    return undefined;
  }
  const keys = inNot ? conditionNames : whenKeys;
  const entries = knownEntries(node, { keys, of: `"${what}"`, synonyms }, problems);
  if (!conditionNames.some((name) => entries.has(name)) && !entries.has('not')) {
    if (node.entries.length === entries.size && !node.damaged) emptyProblem(node, entries, context);
    return undefined;
  }
  const when: Record<string, unknown> = {};
  for (const [name, entry] of entries) {
    const value = readCondition(name, entry, problems);
    if (value !== undefined) when[name] = value;
  }
  return when as When;
}

function emptyProblem(
  node: LocatedMap,
  entries: ReadonlyMap<string, LocatedEntry>,
  { problems, inNot }: { readonly problems: Problems; readonly inNot: boolean },
): void {
  if (inNot) problems.add(node.at, '"not" is empty.', 'Name what must not hold, or remove it.');
  else if (entries.has('mentions'))
    problems.add(node.at, '"mentions" is no condition by itself.', everything);
  else problems.add(node.at, '"when" is empty.', everything);
}

function readCondition(name: string, entry: LocatedEntry, problems: Problems): unknown {
  const { value: node } = entry;
  const list = <T>(read: (item: Located) => T | undefined): readonly T[] =>
    oneOrMore(node, name, { problems, read });
  if (isOneOf(globConditions, name)) return list((item) => nameOf(name, item, problems));
  if (isOneOf(pathConditions, name)) return list((item) => pathPatternOf(name, item, problems));
  if (isOneOf(testConditions, name)) return checkTests(name, node, problems);
  switch (name) {
    case 'operations':
      return list((item) =>
        asWord(item, { list: operations, what: name, synonyms: operationSynonyms }, problems),
      );
    case 'side_effects':
      return list((item) => asWord(item, { list: sideEffects, what: name }, problems));
    case 'resource_type':
      return list((item) => asWord(item, { list: resourceTypes, what: name }, problems));
    case 'extension':
      return list((item) => extensionOf(item, problems));
    case 'mentions':
      return asWord(node, { list: ['all'] as const, what: name }, problems);
    default:
      return list((item) => checkConditions(item, { problems, inNot: true }));
  }
}

const isOneOf = (names: readonly string[], name: string): boolean => names.includes(name);

function nameOf(name: string, node: Located, problems: Problems): string | undefined {
  const text = asText(node, name, problems);
  if (text === undefined) return undefined;
  if (name === 'scheme' && /[:/]/.test(text)) {
    problems.add(
      node.at,
      `A scheme is written without ":" and "/".`,
      `Did you mean "${text.split(':', 1)[0]}"?`,
    );
    return undefined;
  }
  if (name === 'host' && !/^\[[0-9a-f:.]+\]$/i.test(text)) {
    const host = text.replace(/^[a-z][a-z0-9+.-]*:\/\//i, '').replace(/[:/].*$/, '');
    if (host !== text) {
      problems.add(node.at, 'A host is written without scheme, port and path.', `Did you mean "${host}"?`);
      return undefined;
    }
  }
  if (name === 'host' && /^\[[0-9a-f:.]+\]$/i.test(text)) return text;
  return attempt(node.at, problems, () => compileNameGlob(text)) ? text : undefined;
}

function extensionOf(node: Located, problems: Problems): string | undefined {
  const text = asText(node, 'extension', problems);
  if (text === undefined || /^\.?[^/\\*?[\]{}.][^/\\*?[\]{}]*$/.test(text)) return text;
  const bare = text.replace(/^[*.]+/, '');
  problems.add(
    node.at,
    `"${quoted(text)}" is no extension: no wildcards and slashes.`,
    /^[\w.]+$/.test(bare) ? `Did you mean "${bare}"?` : undefined,
  );
  return undefined;
}

/** A path pattern says from where it counts, or it would match nothing: paths are compared whole. */
function pathPatternOf(name: string, node: Located, problems: Problems): string | undefined {
  const text = asText(node, name, problems);
  if (text === undefined) return undefined;
  let sound = attempt(node.at, problems, () => compilePathGlob(text));
  if (!sound) return undefined;
  for (const pattern of unfoldBraces(text)) {
    const problem = pathProblem(pattern);
    if (problem !== undefined) {
      problems.add(node.at, problem.message, problem.fix);
      sound = false;
      break;
    }
  }
  return sound ? text : undefined;
}

function pathProblem(pattern: string): { readonly message: string; readonly fix: string } | undefined {
  if (/^[A-Za-z][A-Za-z0-9+.*-]+:\/\//.test(pattern)) return undefined;
  if (/(?:^|\/)\.{1,2}(?:\/|$)/.test(pattern)) {
    return { message: 'A path pattern cannot hold "." or ".." as a segment.', fix: 'Write the whole path.' };
  }
  if (/^[A-Za-z]:\\/.test(pattern)) {
    return {
      message: 'A path pattern is written with "/".',
      fix: `Did you mean "${pattern.replaceAll('\\', '/')}"?`,
    };
  }
  if (/^(?:\/|~\/|~$|\*\*(?:\/|$)|[A-Za-z]:\/)/.test(pattern)) return undefined;
  if (pattern.startsWith('~')) {
    return { message: 'A pattern in a home starts with "~/".', fix: `Did you mean "~/${pattern.slice(1)}"?` };
  }
  return {
    message: `"${quoted(pattern)}" does not say where it starts, so it would match nothing.`,
    fix: `Did you mean "**/${pattern}"? A path pattern starts with "/", "~/" or "**/".`,
  };
}
