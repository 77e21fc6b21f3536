import { describeExit } from '@mcp-acp/mcp/backend-end';
import type { End } from '@mcp-acp/mcp/end';
import { openHttpBackend } from '@mcp-acp/mcp/http/open-http-backend';
import { spawnBackend } from '@mcp-acp/mcp/stdio/spawn-backend';
import type { Frame } from '../speak/conversation.ts';
import { createExchange, type Exchange } from '../speak/exchange.ts';
import type { ChildWay, UrlWay, Way } from '../speak/way.ts';

export interface LineOptions {
  readonly timeoutMs: number;
  readonly lineLimitBytes: number;
  onFrame(frame: Frame): void;
  onAsked(method: string): void;
}

/** An open connection to an MCP server. It must be closed. */
export interface OpenLine {
  readonly exchange: Exchange;
  /** The last of what a started program wrote on stderr. A foreign party's word. */
  stderr(): string;
  /** Of a started program. */
  readonly pid?: number;
  /** Of a URL: what it turned out to speak, once it has answered. */
  transport?(): 'http' | 'sse' | undefined;
  /** Ends a started program with all it started, or the session at a URL. */
  close(): Promise<void>;
}

/** How much of what a program writes on stderr is kept, in characters. */
const stderrTail = 2_048;
/** Of a program that closed its output, how long its end is waited for. Milliseconds. */
const endMs = 1_000;

export const openLine = (way: Way, options: LineOptions): OpenLine =>
  way.kind === 'child' ? startChild(way, options) : connect(way, options);

function startChild(way: ChildWay, options: LineOptions): OpenLine {
  let stderr = '';
  const child = spawnBackend({
    command: way.command,
    args: way.args,
    ...(way.cwd === undefined ? {} : { cwd: way.cwd }),
    env: way.env,
    lineLimitBytes: options.lineLimitBytes,
    onStderr: (chunk) => {
      stderr = (stderr + chunk.toString('utf8')).slice(-stderrTail);
    },
  });
  let closedOutput = (): void => undefined;
  const exchange = createExchange({
    ...options,
    end: watched(child, { ended: () => closedOutput() }),
  });
  closedOutput = () =>
    void Promise.race([child.exited, delay(endMs)]).then(() =>
      exchange.giveUp('backend_exited', 'it closed its output'),
    );
  void child.exited.then((exit) =>
    exit.kind === 'not_started'
      ? exchange.giveUp('backend_not_started', exit.error.message)
      : exchange.giveUp('backend_exited', `it ended with ${describeExit(exit)}`),
  );
  return {
    exchange,
    stderr: () => stderr,
    ...(child.pid === undefined ? {} : { pid: child.pid }),
    close: async () => {
      child.endSending();
      await Promise.race([child.exited, delay(way.ownEndMs)]);
      await child.terminate();
    },
  };
}

function connect({ backend, headers }: UrlWay, options: LineOptions): OpenLine {
  const { url, transport, connectMs, firstByteMs, idleMs, connectRetries, maxConnections } = backend;
  const end = openHttpBackend({
    url,
    headers: { ...headers },
    transport,
    connectMs,
    firstByteMs,
    idleMs,
    connectRetries,
    maxConnections,
    lineLimitBytes: options.lineLimitBytes,
    onEvent: () => undefined,
  });
  let gone = (_: string): void => undefined;
  const exchange = createExchange({ ...options, end: watched(end, { gone: (reason) => gone(reason) }) });
  gone = (reason) => exchange.giveUp('backend_unreachable', reason);
  return {
    exchange,
    stderr: () => '',
    transport: () => end.transport(),
    close: async () => void (await end.terminate()),
  };
}

/** An end whose own end is heard elsewhere too. */
const watched = (
  end: End,
  more: { readonly ended?: () => void; readonly gone?: (reason: string) => void },
): End => ({
  ...end,
  start: (listener) =>
    end.start({
      ...listener,
      ended: () => {
        listener.ended();
        more.ended?.();
      },
      gone: (reason) => {
        listener.gone(reason);
        more.gone?.(reason);
      },
    }),
});

const delay = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
