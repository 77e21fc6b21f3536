import { spawn } from 'node:child_process';
import type { CheckedServer } from '@mcp-acp/api/ports/proxies';
import { isJsonObject, type JsonObject, type JsonValue } from '@mcp-acp/shared/json';
import { checkProblem, textOf } from './check-problem.ts';

export type CheckServer = (proxy: string, signal: AbortSignal | undefined) => Promise<CheckedServer>;

export interface ServerCheckOptions {
  readonly env: NodeJS.ProcessEnv;
  /** Path of our own program. */
  readonly bin: string;
  readonly mostMs?: number;
}

/** A server that is fetched first takes a while. Milliseconds. */
const defaultMostMs = 90_000;
/** A program that was asked to end and does not is killed after this time. Milliseconds. */
const killMs = 5_000;
const mostOutput = 8 * 1024 * 1024;
const mostTools = 2_000;
const mostAtOnce = 2;

/**
 * Asks a server for its tools as a client would: a client's process of its own starts the proxy, which decides and records as
 * always.
 */
export function createServerCheck({ env, bin, mostMs = defaultMostMs }: ServerCheckOptions): CheckServer {
  const running = new Set<string>();

  const run = (proxy: string, signal: AbortSignal | undefined): Promise<CheckedServer> =>
    new Promise((resolve) => {
      const args = [bin, 'debug', 'list', 'tools', '--proxy', proxy, '--json'];
      const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'ignore'], shell: false });
      const chunks: Buffer[] = [];
      let length = 0;
      let why: string | undefined;
      let killing: NodeJS.Timeout | undefined;
      const end = (reason: string): void => {
        why ??= reason;
        child.kill('SIGTERM');
        killing ??= setTimeout(() => child.kill('SIGKILL'), killMs);
      };
      const timer = setTimeout(
        () => end(`The server did not answer within ${mostMs / 1000} seconds.`),
        mostMs,
      );
      const left = (): void => end('Nobody waits for the answer any more.');
      signal?.addEventListener('abort', left, { once: true });
      child.stdout.on('data', (chunk: Buffer) => {
        length += chunk.length;
        if (length <= mostOutput) chunks.push(chunk);
        else end('The answer of the server is too large.');
      });
      const over = (problem: string | undefined): void => {
        clearTimeout(timer);
        clearTimeout(killing);
        signal?.removeEventListener('abort', left);
        resolve(problem === undefined ? answerIn(Buffer.concat(chunks).toString('utf8')) : failed(problem));
      };
      child.once('error', (error) => over(`The check could not be started: ${error.message}`));
      child.once('close', () => over(why));
    });

  return async (proxy, signal) => {
    if (signal?.aborted) return failed('Nobody waits for the answer any more.');
    if (running.has(proxy) || running.size >= mostAtOnce) {
      return failed('Another check runs.', 'Try again when it is over.');
    }
    running.add(proxy);
    try {
      return await run(proxy, signal);
    } finally {
      running.delete(proxy);
    }
  };
}

const failed = (problem: string, fix?: string): CheckedServer => ({
  ok: false,
  tools: [],
  problem,
  ...(fix === undefined ? {} : { fix }),
});

/** What the command printed. Names and descriptions in it are the server's words. */
function answerIn(output: string): CheckedServer {
  let value: JsonValue;
  try {
    value = JSON.parse(output) as JsonValue;
  } catch {
    return failed('The check ended without an answer.');
  }
  if (!isJsonObject(value)) return failed('The check ended without an answer.');
  const { error, tools } = value;
  if (isJsonObject(error)) return { ok: false, tools: [], ...checkProblem(error) };
  if (isJsonObject(tools) && isJsonObject(tools.error)) return failed(refusalOf(tools.error));
  if (!Array.isArray(tools)) return { ok: true, tools: [] };
  const listed = tools.filter(isJsonObject).slice(0, mostTools).map(toolOf);
  return { ok: true, tools: listed };
}

/** Why there is no list, in the words of the server or of the proxy that withheld it. */
function refusalOf({ error }: JsonObject): string {
  const words = isJsonObject(error) ? textOf(error.message) : undefined;
  return words === undefined ? 'Its tools were not listed.' : `Its tools were not listed: ${words}`;
}

function toolOf({ name, title, description }: JsonObject): CheckedServer['tools'][number] {
  const [shownTitle, shownDescription] = [textOf(title), textOf(description)];
  return {
    name: textOf(name) ?? '',
    ...(shownTitle === undefined ? {} : { title: shownTitle }),
    ...(shownDescription === undefined ? {} : { description: shownDescription }),
  };
}
