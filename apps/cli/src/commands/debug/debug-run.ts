import { type FoundRun, findRun } from '@mcp-acp/admin/find-run';
import { readWireLog } from '@mcp-acp/admin/read-wire-log';
import { readProxyConfig } from '@mcp-acp/config/proxy-config';
import { AcpError, type ErrorCode, errorTable } from '@mcp-acp/shared/errors';
import { isJsonObject } from '@mcp-acp/shared/json';
import { visible } from '@mcp-acp/shared/visible';
import { chooseProxy } from '../../choose-proxy.ts';
import type { Cli } from '../../cli.ts';
import { type Answer, type Input, type OptionSpec, proxyOption } from '../../command-spec.ts';
import { diagnoseUrl } from '../../diagnose-url.ts';
import { problemLines } from '../../output/problem.ts';
import {
  type Conversation,
  type Era,
  type Frame,
  type Reply,
  whyNoResult,
} from '../../speak/conversation.ts';
import { type ClosedLine, speak } from '../../speak/speak.ts';
import { type Way, wayToBackend, wayToProxy } from '../../speak/way.ts';
import { frameLine, framesAsData, wireLine } from './frame-line.ts';

export const debugOptions: readonly OptionSpec[] = [
  proxyOption,
  { flags: '--direct', description: 'straight to the backend: no policy, no record' },
  { flags: '--trace', description: 'print every message as it goes over the wire' },
  {
    flags: '--era <era>',
    description: 'how to speak: with a handshake, or with an envelope in each request (default: stateful)',
    choices: ['stateful', 'stateless'],
  },
  { flags: '--timeout <seconds>', description: 'longest silence on a request (default: 60)' },
];

/** What was asked for, before anything is started. */
export interface DebugRun {
  readonly proxy: string;
  readonly direct: boolean;
  readonly era: Era;
  readonly timeoutMs: number;
  readonly trace: boolean;
}

/** Throws AcpError('usage' | 'proxy_unknown'). */
export function debugRun(cli: Cli, input: Input): DebugRun {
  const seconds = input.option('timeout') ?? '60';
  if (!/^[0-9]{1,6}$/.test(seconds) || Number(seconds) === 0) {
    throw new AcpError('usage', `--timeout takes whole seconds, not "${visible(seconds, 40)}".`);
  }
  return {
    proxy: chooseProxy(cli.paths(), input.option('proxy')),
    direct: input.flag('direct'),
    era: input.option('era') === 'stateless' ? 'stateless' : 'stateful',
    timeoutMs: Number(seconds) * 1000,
    trace: input.flag('trace'),
  };
}

/** What a run came to, to be completed with the answer of the command. */
export interface DebugEnd<Result> {
  readonly result?: Result;
  /** The instance that ran, where it went through a proxy. */
  readonly run?: FoundRun;
  /** What `--json` prints beside the result. */
  readonly data: Readonly<Record<string, unknown>>;
  readonly notes: readonly string[];
  /** Why there is no result. */
  readonly failure?: Answer;
}

/** What a trace keeps for `--json`; a server may send without end. */
const mostFrames = 10_000;
const mostFrameBytes = 256 * 1024 * 1024;
const mostAsked = 20;

/** Speaks to a proxy, or to its backend, as `run` says. Frames are shown while they pass. */
export async function runDebug<Result>(
  cli: Cli,
  run: DebugRun,
  act: (conversation: Conversation) => Promise<Result>,
): Promise<DebugEnd<Result>> {
  const paths = cli.paths();
  const { backend, limits, logLevel } = readProxyConfig(paths, run.proxy);
  const began = Date.now();
  const frames: Frame[] = [];
  const asked = new Set<string>();
  let keptBytes = 0;
  let dropped = 0;
  const keep = (frame: Frame): void => {
    if (frames.length >= mostFrames || keptBytes + frame.size > mostFrameBytes) {
      dropped++;
      return;
    }
    keptBytes += frame.size;
    frames.push(frame);
  };
  const way = run.direct ? wayToBackend(backend, cli.env) : wayToProxy(cli, run.proxy);
  const spoken = await speak(
    way,
    {
      era: run.era,
      name: 'mcp-acp debug',
      version: cli.version,
      timeoutMs: run.timeoutMs,
      lineLimitBytes: limits.messageBytes,
      onFrame: (frame) => {
        if (!run.trace) return;
        if (cli.json) keep(frame);
        else cli.printer.note([frameLine(frame, cli.style)]);
      },
      onAsked: (method) => {
        if (asked.size < mostAsked) asked.add(visible(method, 80));
      },
    },
    async (conversation) => ({ conversation, done: await act(conversation) }),
  );
  const { pid } = spoken.line;
  const found =
    run.direct || pid === undefined ? undefined : await findRun(paths, run.proxy, { pid, since: began });
  const behind = run.trace && found !== undefined ? readWireLog(paths, run.proxy, found.instance) : [];
  const data = {
    proxy: run.proxy,
    direct: run.direct,
    era: run.era,
    ...(spoken.ok ? spoken.result.conversation.welcome : {}),
    ...(run.trace ? { frames: framesAsData(frames) } : {}),
    ...(dropped === 0 ? {} : { droppedFrames: dropped }),
    ...(behind.length === 0 ? {} : { serverFrames: behind }),
  };
  const notes = [
    ...(cli.json || behind.length === 0
      ? []
      : ['Between the proxy and its server:', ...behind.map((entry) => wireLine(entry, began, cli.style))]),
    ...(run.trace && !run.direct && logLevel !== 'debug'
      ? [
          `The wire between the proxy and its server is traced too after: mcp-acp config set logLevel debug --proxy ${run.proxy}`,
        ]
      : []),
    ...(asked.size === 0
      ? []
      : [`The server asked for ${[...asked].join(', ')}, which this client does not offer; it was told so.`]),
  ];
  if (!spoken.ok) {
    const failure = await noGreeting(cli, run, { ...spoken, way, data });
    return { data, notes, failure: { ...failure, notes: [...(failure.notes ?? []), ...notes] } };
  }
  return { result: spoken.result.done, data, notes, ...(found === undefined ? {} : { run: found }) };
}

interface NoGreeting {
  readonly way: Way;
  readonly reply: Exclude<Reply, { readonly kind: 'result' }>;
  readonly line: ClosedLine;
  readonly data: object;
}

async function noGreeting(cli: Cli, run: DebugRun, { way, reply, line, data }: NoGreeting): Promise<Answer> {
  const who = run.direct ? `The backend of "${run.proxy}"` : `The proxy "${run.proxy}"`;
  const why = visible(whyNoResult(reply).replace(/[.]$/, ''), 1_000);
  const lines = line.stderr().trim().split('\n').slice(-5);
  const said =
    lines[0] === '' ? '' : ` It wrote: ${lines.map((text) => visible(text.trim(), 300)).join(' | ')}`;
  const found = way.kind === 'url' && reply.kind === 'failed' ? await diagnoseUrl(way, why) : undefined;
  const hint = !run.direct
    ? 'Or leave the proxy out: --direct'
    : reply.kind === 'error' && run.era === 'stateful'
      ? 'Does it speak the other era? --era stateless'
      : '';
  const problem = {
    code: codeOf(reply),
    message: `${who} could not be greeted: ${why}.${said}${found === undefined ? '' : ` ${found.message}`}`,
    fix: found?.fix ?? `See every message: --trace. ${hint}`.trimEnd(),
  };
  return {
    data: { error: problem, ...data },
    text: [],
    notes: problemLines(problem, cli.style),
    exit: errorTable[problem.code].exit,
  };
}

/** The code of our own in a failure or in an error that carries one. */
function codeOf(reply: Exclude<Reply, { readonly kind: 'result' }>): ErrorCode {
  if (reply.kind === 'failed') return reply.code;
  const { data } = reply.error;
  const code = isJsonObject(data) ? data.code : undefined;
  return typeof code === 'string' && Object.hasOwn(errorTable, code)
    ? (code as ErrorCode)
    : 'backend_not_started';
}
