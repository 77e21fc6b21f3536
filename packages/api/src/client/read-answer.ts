/** What came for one operation. The last word on it is an `error`, or `data` for what is no subscription, or `stopped`. */
export interface IncomingMessage {
  readonly error?: { readonly message: string; readonly code: number; readonly data: unknown };
  readonly result?: {
    readonly type: 'data' | 'started' | 'stopped';
    readonly data?: unknown;
    /** Where there is one, `data` is an object that holds the value as its own `data`. */
    readonly id?: string;
  };
}

/** Discriminated on `about`: one operation, or everything on the connection. */
export type Answer =
  | { readonly about: 'operation'; readonly id: number; readonly message: IncomingMessage }
  | { readonly about: 'connection'; readonly error: NonNullable<IncomingMessage['error']> };

/** Longer words of the other side are cut. Characters. */
const mostWords = 4096;

/** One frame of the other side, or undefined where it is no message of the API. What `data` is, is not looked at. */
export function readAnswer(bytes: Buffer): Answer | undefined {
  let frame: unknown;
  try {
    frame = JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
  if (!isObject(frame)) return undefined;
  const { id } = frame;
  const error = frame.error === undefined ? undefined : errorOf(frame.error);
  if (id === null) return error && { about: 'connection', error };
  if (typeof id !== 'number') return undefined;
  if (error !== undefined) return { about: 'operation', id, message: { error } };
  const result = frame.error === undefined ? resultOf(frame.result) : undefined;
  return result && { about: 'operation', id, message: { result } };
}

function errorOf(error: unknown): IncomingMessage['error'] {
  if (!isObject(error)) return undefined;
  const { message, code, data } = error;
  if (typeof message !== 'string' || typeof code !== 'number') return undefined;
  return { message: message.slice(0, mostWords), code, data };
}

function resultOf(result: unknown): IncomingMessage['result'] {
  if (!isObject(result)) return undefined;
  const { type, data, id } = result;
  if (type !== 'data' && type !== 'started' && type !== 'stopped') return undefined;
  if (id === undefined) return { type, data };
  return typeof id === 'string' && id !== '' && isObject(data) ? { type, data, id } : undefined;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
