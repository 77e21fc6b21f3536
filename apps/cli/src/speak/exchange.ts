import type { End, EndListener } from '@mcp-acp/mcp/end';
import { type IncomingMessage, type RequestId, type SingleMessage, sizeOf } from '@mcp-acp/mcp/message';
import { checkMessage } from '@mcp-acp/mcp/strict/check-message';
import { type ErrorCode, errorTable } from '@mcp-acp/shared/errors';
import { isJsonObject, type JsonObject, type JsonValue } from '@mcp-acp/shared/json';
import type { ErrorReply, Frame, Members, Progress, Reply } from './conversation.ts';

export interface ExchangeOptions {
  readonly end: End;
  /** Longest wait for an answer or for progress on it. Milliseconds. */
  readonly timeoutMs: number;
  onFrame(frame: Frame): void;
  /** The other side asked for something that is not offered here, and was told so. */
  onAsked(method: string): void;
}

/** Requests and their answers on one end: JSON-RPC as a client speaks it, with nothing between it and the wire. */
export interface Exchange {
  request(method: string, members: Members, onProgress?: (progress: Progress) => void): Promise<Reply>;
  notify(method: string, members?: Members): void;
  /** Every request that waits, and every later one, gets no answer for this reason. */
  giveUp(code: ErrorCode, detail: string): void;
}

interface Waiting {
  settle(reply: Reply): void;
  progress(progress: Progress): void;
}

export function createExchange({ end, timeoutMs, onFrame, onAsked }: ExchangeOptions): Exchange {
  const waiting = new Map<RequestId, Waiting>();
  const began = performance.now();
  let lastId = 0;
  let given: Reply | undefined;

  const seen = (direction: Frame['direction'], size: number, line?: Buffer): void =>
    onFrame({ direction, atMs: performance.now() - began, size, ...(line === undefined ? {} : { line }) });

  const send = (text: string): void => {
    const line = Buffer.from(text);
    seen('sent', line.length, line);
    end.send([line]);
  };

  const request: Exchange['request'] = (method, members, onProgress) => {
    if (given !== undefined) return Promise.resolve(given);
    const id = ++lastId;
    return new Promise((resolve) => {
      let timer: NodeJS.Timeout;
      const settle = (reply: Reply): void => {
        clearTimeout(timer);
        if (waiting.delete(id)) resolve(reply);
      };
      const wait = (): void => {
        clearTimeout(timer);
        timer = setTimeout(() => {
          settle({
            kind: 'failed',
            code: 'backend_timeout',
            detail: `no answer within ${timeoutMs / 1000} s`,
          });
          // A greeting is never cancelled (MCP "Cancellation"): the connection ends instead.
          if (method !== 'initialize') notify('notifications/cancelled', { requestId: String(id) });
        }, timeoutMs);
      };
      waiting.set(id, {
        settle,
        progress: (progress) => {
          // Without a token nobody was asked for progress: it keeps nothing alive.
          if (onProgress === undefined) return;
          wait();
          onProgress(progress);
        },
      });
      wait();
      const all = onProgress === undefined ? members : withMeta(members, { progressToken: id });
      send(`{"jsonrpc":"2.0","id":${id},"method":${JSON.stringify(method)},"params":${objectText(all)}}`);
    });
  };

  const notify: Exchange['notify'] = (method, members) => {
    if (given !== undefined) return;
    const params = members === undefined ? '' : `,"params":${objectText(members)}`;
    send(`{"jsonrpc":"2.0","method":${JSON.stringify(method)}${params}}`);
  };

  const giveUp: Exchange['giveUp'] = (code, detail) => {
    given ??= { kind: 'failed', code, detail };
    for (const { settle } of [...waiting.values()]) settle(given);
  };

  const received = (message: SingleMessage): void => {
    const value = parsed(message);
    if (message.kind === 'response') waiting.get(message.id)?.settle(replyOf(value));
    else if (message.kind === 'request') {
      if (message.method === 'ping')
        return send(`{"jsonrpc":"2.0","id":${JSON.stringify(message.id)},"result":{}}`);
      onAsked(message.method);
      const error = { code: -32601, message: `${message.method} is not offered by this client, mcp-acp.` };
      send(JSON.stringify({ jsonrpc: '2.0', id: message.id, error }));
    } else if (message.kind === 'notification' && message.method === 'notifications/progress') {
      progressed(value.params);
    }
  };

  const progressed = (params: JsonValue | undefined): void => {
    if (!isJsonObject(params) || typeof params.progress !== 'number') return;
    const { progressToken: token, progress, total, message } = params;
    if (typeof token !== 'number') return;
    waiting.get(token)?.progress({
      progress,
      ...(typeof total === 'number' ? { total } : {}),
      ...(typeof message === 'string' ? { message } : {}),
    });
  };

  const listener: EndListener & { failed(id: RequestId, failure: RequestFailure): void } = {
    line: (line) => {
      seen('received', line.length, line);
      const message: IncomingMessage = checkMessage(line);
      if (message.kind === 'batch') message.members.forEach(received);
      else if (message.kind === 'refused') unreadable(message.id, message.code, message.detail);
      else received(message);
    },
    oversize: (size, { id }) => {
      seen('received', size);
      unreadable(id, 'message_too_large', `${size} bytes`);
    },
    failed: (id, { code, detail }) => waiting.get(id)?.settle({ kind: 'failed', code, detail }),
    drained: () => undefined,
    ended: () => undefined,
    gone: () => undefined,
  };

  const unreadable = (id: RequestId | undefined, code: ErrorCode, detail: string | undefined): void => {
    if (id === undefined) return;
    const title = errorTable[code].title;
    waiting
      .get(id)
      ?.settle({ kind: 'failed', code, detail: detail === undefined ? title : `${title} (${detail})` });
  };

  end.start(listener);
  return { request, notify, giveUp };
}

interface RequestFailure {
  readonly code: ErrorCode;
  readonly detail: string;
}

export const objectText = (members: Members): string =>
  `{${Object.entries(members)
    .map(([name, text]) => `${JSON.stringify(name)}:${text}`)
    .join(',')}}`;

/** Members with more in `_meta`, which is always JSON text made here. */
export const withMeta = (members: Members, more: JsonObject): Members => ({
  ...members,
  _meta: JSON.stringify({ ...(JSON.parse(members._meta ?? '{}') as JsonObject), ...more }),
});

/** The strict check has passed it, so parsing cannot fail. */
const parsed = (message: SingleMessage): JsonObject =>
  JSON.parse(message.line.toString('utf8', message.start, message.start + sizeOf(message))) as JsonObject;

function replyOf({ result, error }: JsonObject): Reply {
  if (error === undefined) return { kind: 'result', value: result ?? null };
  return { kind: 'error', error: errorOf(error) };
}

function errorOf(error: JsonValue): ErrorReply {
  if (!isJsonObject(error)) return { code: null, message: JSON.stringify(error) };
  const { code = null, message, data } = error;
  return {
    code,
    message: typeof message === 'string' ? message : JSON.stringify(message ?? null),
    ...(data === undefined ? {} : { data }),
  };
}
