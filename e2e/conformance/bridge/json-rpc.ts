/** A JSON-RPC message as parsed. The bridge looks at few members and carries the rest. */
export interface Message {
  readonly jsonrpc: '2.0';
  readonly id?: Id | null;
  readonly method?: string;
  readonly params?: Json;
  readonly result?: Json;
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown };
}

export type Id = string | number;
export type Json = { readonly [key: string]: unknown };

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
export const isMessage = (value: unknown): value is Message => isObject(value) && value.jsonrpc === '2.0';
export const isRequest = (
  message: Message,
): message is Message & { readonly id: Id; readonly method: string } =>
  message.method !== undefined && message.id !== undefined && message.id !== null;
export const isNotification = (message: Message): message is Message & { readonly method: string } =>
  message.method !== undefined && message.id === undefined;

/** The `_meta` of a message's parameters, empty where there is none. */
export const metaOf = (message: Message): Json =>
  isObject(message.params?._meta) ? message.params._meta : {};

/** The same message with members of its `_meta` replaced. */
export const withMeta = (message: Message, members: Json): Message => ({
  ...message,
  params: { ...message.params, _meta: { ...metaOf(message), ...members } },
});

export const errorFor = (id: Id | null, code: number, message: string, data?: unknown): Message => ({
  jsonrpc: '2.0',
  id,
  error: { code, message, ...(data === undefined ? {} : { data }) },
});

/** Codes of JSON-RPC and of the 2026-07-28 revision that the bridge sends or translates. */
export const codes = {
  parseError: -32700,
  invalidRequest: -32600,
  methodNotFound: -32601,
  invalidParams: -32602,
  internalError: -32603,
  headerMismatch: -32020,
  missingCapability: -32021,
  unsupportedVersion: -32022,
} as const;
