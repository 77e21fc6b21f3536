import { type FoundRun, findRun } from '@mcp-acp/admin/find-run';
import { readWireLog } from '@mcp-acp/admin/read-wire-log';
import { checkLaunchConfirmed } from '@mcp-acp/config/pending-launch';
import { readProxyConfig } from '@mcp-acp/config/proxy-config';
import { errorTable } from '@mcp-acp/shared/errors';
import { ownClientName } from '@mcp-acp/shared/own-client';
import { visible } from '@mcp-acp/shared/visible';
import type { Cli } from '../../cli.ts';
import type { Answer } from '../../command-spec.ts';
import { problemLines } from '../../output/problem.ts';
import type { Conversation } from '../../speak/conversation.ts';
import { speak } from '../../speak/speak.ts';
import { wayToBackend, wayToProxy } from '../../speak/way.ts';
import type { DebugRun } from './debug-options.ts';
import { frameLine, keepFrames, wireLine } from './frame-line.ts';
import { notGreeted } from './not-greeted.ts';

/** What a run came to, to be completed with the answer of the command. */
export type DebugEnd<Result> =
  | {
      readonly ok: true;
      readonly result: Result;
      /** The instance that ran, where it went through a proxy and its journal tells. */
      readonly run: FoundRun | undefined;
      /** What `--json` prints beside the result. */
      readonly data: Readonly<Record<string, unknown>>;
      readonly notes: readonly string[];
    }
  | { readonly ok: false; readonly answer: Answer };

const mostAsked = 20;

/** Speaks to a proxy, or to its backend, as `run` says. Frames are shown while they pass. */
export async function runDebug<Result>(
  cli: Cli,
  run: DebugRun,
  act: (conversation: Conversation) => Promise<Result>,
): Promise<DebugEnd<Result>> {
  const paths = cli.paths();
  const { backend, limits, logLevel } = readProxyConfig(paths, run.proxy);
  // Straight to the server is no way around the question whether it may be started.
  if (run.direct) checkLaunchConfirmed(paths, run.proxy);
  const began = Date.now();
  const frames = keepFrames();
  const asked = new Set<string>();
  const way = run.direct ? wayToBackend(backend, cli.env) : wayToProxy(cli, run.proxy);
  const spoken = await speak(
    way,
    {
      era: run.era,
      name: ownClientName,
      version: cli.version,
      timeoutMs: run.timeoutMs,
      lineLimitBytes: limits.messageBytes,
      onFrame: (frame) => {
        if (!run.trace) return;
        if (cli.json) frames.keep(frame);
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
    ...(run.trace ? frames.data() : {}),
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
  if (spoken.ok) return { ok: true, result: spoken.result.done, run: found, data, notes };
  const problem = await notGreeted(run, way, spoken);
  return {
    ok: false,
    answer: {
      data: { error: problem, ...data },
      text: [],
      notes: [...problemLines(problem, cli.style), ...notes],
      exit: errorTable[problem.code].exit,
    },
  };
}
