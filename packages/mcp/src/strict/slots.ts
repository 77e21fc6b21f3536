/**
 * The members the proxy itself reads, and where the strict check notes their place in the bytes. A message's `spans`
 * hold a start and an end offset for each slot, -1 where the member is absent.
 */
export const slot = {
  jsonrpc: 0,
  id: 1,
  method: 2,
  params: 3,
  result: 4,
  error: 5,
  name: 6,
  uri: 7,
  arguments: 8,
  meta: 9,
  requestId: 10,
  progressToken: 11,
  requestState: 12,
  inputResponses: 13,
  clientProtocolVersion: 14,
  clientInfo: 15,
  notifications: 16,
  metaProgressToken: 17,
  metaProtocolVersion: 18,
  metaClientInfo: 19,
  isError: 20,
  resultType: 21,
  inputRequests: 22,
  resultRequestState: 23,
  tools: 24,
  serverProtocolVersion: 25,
  serverInfo: 26,
  paramInputRequests: 27,
  cursor: 28,
  metaTraceparent: 29,
} as const;

export type Slot = (typeof slot)[keyof typeof slot];
export const slotCount = 30;

/** Which object a member belongs to: the same key means different things in different places. */
export const role = { other: 0, envelope: 1, params: 2, result: 3, meta: 4 } as const;
export type Role = (typeof role)[keyof typeof role];

interface KnownKey {
  readonly bytes: Uint8Array;
  readonly slot: Slot;
  /** The role of the object that is this member's value, where it is one. */
  readonly inner: Role;
}

const keysOf: Readonly<Record<Exclude<Role, 0>, Readonly<Record<string, readonly [Slot, Role?]>>>> = {
  [role.envelope]: {
    jsonrpc: [slot.jsonrpc],
    id: [slot.id],
    method: [slot.method],
    params: [slot.params, role.params],
    result: [slot.result, role.result],
    error: [slot.error],
  },
  [role.params]: {
    name: [slot.name],
    uri: [slot.uri],
    arguments: [slot.arguments],
    _meta: [slot.meta, role.meta],
    requestId: [slot.requestId],
    progressToken: [slot.progressToken],
    requestState: [slot.requestState],
    inputResponses: [slot.inputResponses],
    protocolVersion: [slot.clientProtocolVersion],
    clientInfo: [slot.clientInfo],
    notifications: [slot.notifications],
    inputRequests: [slot.paramInputRequests],
    cursor: [slot.cursor],
  },
  [role.result]: {
    isError: [slot.isError],
    resultType: [slot.resultType],
    inputRequests: [slot.inputRequests],
    requestState: [slot.resultRequestState],
    tools: [slot.tools],
    protocolVersion: [slot.serverProtocolVersion],
    serverInfo: [slot.serverInfo],
  },
  [role.meta]: {
    progressToken: [slot.metaProgressToken],
    'io.modelcontextprotocol/protocolVersion': [slot.metaProtocolVersion],
    'io.modelcontextprotocol/clientInfo': [slot.metaClientInfo],
    traceparent: [slot.metaTraceparent],
  },
};

/** Known keys by role and then by length in bytes, so that a look-up compares with at most a few candidates. */
const byLength: readonly (readonly (readonly KnownKey[] | undefined)[])[] = [0, 1, 2, 3, 4].map((of) => {
  const lists: KnownKey[][] = [];
  for (const [key, [target, inner]] of Object.entries(keysOf[of as 1] ?? {})) {
    const bytes = new TextEncoder().encode(key);
    lists[bytes.length] ??= [];
    lists[bytes.length]?.push({ bytes, slot: target, inner: inner ?? role.other });
  }
  return lists;
});

/** The known key that the bytes from `start` to `end` spell exactly, or undefined. */
export function knownKey(
  of: Role,
  bytes: Uint8Array,
  span: { start: number; end: number },
): KnownKey | undefined {
  const { start, end } = span;
  const candidates = byLength[of]?.[end - start];
  if (candidates === undefined) return undefined;
  next: for (const candidate of candidates) {
    const expected = candidate.bytes;
    for (let index = 0; index < expected.length; index++) {
      if (bytes[start + index] !== expected[index]) continue next;
    }
    return candidate;
  }
  return undefined;
}

/**
 * Keys whose look-alikes are refused, because a parser that ignores case (Go's encoding/json, for one) would read them
 * as the real thing: the envelope's keys, and those of `params` that name what is asked for,
 * and those of a result that ask something of the client.
 */
const guarded: Readonly<Partial<Record<Role, ReadonlySet<string>>>> = {
  [role.envelope]: new Set(['jsonrpc', 'id', 'method', 'params', 'result', 'error']),
  [role.params]: new Set([
    'name',
    'uri',
    'arguments',
    '_meta',
    'requeststate',
    'inputrequests',
    'inputresponses',
    'notifications',
  ]),
  [role.result]: new Set(['inputrequests', 'resulttype', 'requeststate']),
};

/** Whether an unknown key differs from a guarded one only by case, Unicode folding included (`ſ` for s, `K` for k). */
export function isLookAlike(of: Role, key: string): boolean {
  const names = guarded[of];
  if (names === undefined || key.length > 16) return false;
  return names.has(key.toLowerCase().replaceAll('\u017F', 's').replaceAll('\u212A', 'k'));
}
