import type { AccessRequest } from './access-request.ts';
import type { PathFact } from './facts.ts';
import type { Operation, ResourceType, SideEffect } from './policy.ts';
import { isNetworkName, isTransferName, operationsOfName } from './tool-verbs.ts';

/** What a request does, as far as its method and its tool's name tell. */
export interface VerbFacts {
  readonly operations: readonly Operation[];
  readonly uncertain: boolean;
  readonly transfers: boolean;
  readonly network: boolean;
}

const byMethod: ReadonlyMap<string, readonly Operation[]> = new Map<string, readonly Operation[]>([
  ['resources/read', ['read']],
  ['resources/subscribe', ['read']],
  ['subscriptions/listen', ['read']],
  ['prompts/get', ['read']],
  ['sampling/createMessage', ['send']],
  ['elicitation/create', ['send']],
  ['roots/list', ['list']],
]);

const byName = new Map<string, VerbFacts>();

function factsOfName(name: string): VerbFacts {
  const cached = byName.get(name);
  if (cached !== undefined) return cached;
  const operations = operationsOfName(name);
  const facts: VerbFacts = {
    operations,
    // A letter that only looks Latin would hide a verb, and a name over the bound was not read to its end.
    uncertain: operations.length === 0 || name.length > 256 || !/^[\x20-\x7e]*$/.test(name),
    transfers: operations.length === 0 || operations.includes('execute') || isTransferName(name),
    network: isNetworkName(name),
  };
  if (byName.size >= 4096) byName.clear();
  if (name.length <= 256) byName.set(name, facts);
  return facts;
}

/** The operations of a request. Annotations add to what the name says and take nothing away. */
export function operationFacts(request: AccessRequest): VerbFacts {
  if (request.toolName === undefined) {
    const operations = byMethod.get(request.method);
    return {
      operations: operations ?? [],
      uncertain: operations === undefined,
      transfers: operations === undefined,
      network: false,
    };
  }
  const named = factsOfName(request.toolName);
  const hints = request.tool?.annotations;
  if (hints === undefined) return named;
  const added = new Set<Operation>(named.operations);
  if (hints.destructiveHint === true) added.add('write').add('delete');
  if (hints.readOnlyHint === false) added.add('write');
  const network = named.network || hints.openWorldHint === true;
  if (added.size === named.operations.length && network === named.network) return named;
  return { ...named, operations: [...added], network };
}

/** What a request leaves behind, derived from its operations and from the paths and URIs it names. */
export function sideEffectFacts(
  verbs: VerbFacts,
  named: { readonly operands: readonly PathFact[]; readonly mentions: readonly PathFact[] },
): { readonly sideEffects: readonly SideEffect[]; readonly uncertain: boolean } {
  const { operations } = verbs;
  const effects: SideEffect[] = [];
  const hasPath = named.operands.some((operand) => operand.kind === 'path');
  const hasWeb = isWeb(named.operands) || isWeb(named.mentions);
  const changes = operations.includes('write') || operations.includes('delete');
  // A change that names no place may be anywhere.
  if (changes && (hasPath || !hasWeb)) effects.push('filesystem');
  if (hasWeb || verbs.network || operations.includes('send') || (changes && !hasPath))
    effects.push('network');
  if (operations.includes('execute')) effects.push('process');
  if (operations.includes('delete')) effects.push('destructive');
  if (effects.length === 0 && !verbs.uncertain) effects.push('none');
  return { sideEffects: effects, uncertain: verbs.uncertain };
}

function isWeb(facts: readonly PathFact[]): boolean {
  for (const fact of facts) if (fact.kind === 'uri') return true;
  return false;
}

const typesOfMethods: ReadonlyMap<string, ResourceType> = new Map([
  ['tools/call', 'tool'],
  ['resources/read', 'resource'],
  ['resources/subscribe', 'resource'],
  ['subscriptions/listen', 'resource'],
  ['prompts/get', 'prompt'],
  ['sampling/createMessage', 'sampling'],
  ['elicitation/create', 'elicitation'],
  ['roots/list', 'roots'],
]);
const typesOfFamilies: ReadonlyMap<string, ResourceType> = new Map([
  ['tools', 'tool'],
  ['resources', 'resource'],
  ['subscriptions', 'resource'],
  ['prompts', 'prompt'],
  ['sampling', 'sampling'],
  ['elicitation', 'elicitation'],
  ['roots', 'roots'],
]);

/** What kind of thing a method touches; `other` for every method we do not know. */
export const resourceTypeOf = (method: string): ResourceType => typesOfMethods.get(method) ?? 'other';

/** What kind of thing an unknown method seems to touch by its family (`resources/write`). */
export const resourceTypeOfFamily = (method: string): ResourceType =>
  typesOfFamilies.get(method.split('/', 1)[0] ?? '') ?? 'other';
