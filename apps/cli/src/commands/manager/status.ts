import { proxyNames } from '@mcp-acp/config/proxy-config';
import { visible } from '@mcp-acp/shared/visible';
import type { CommandSpec } from '../../command-spec.ts';
import { duration, figureCells, figureHeadings, figuresOf } from '../../live/figures.ts';
import {
  type LiveInstance,
  type LiveState,
  managerData,
  readLiveState,
  uptimeMs,
} from '../../live/live-state.ts';
import { problemLines, problemOf } from '../../output/problem.ts';
import type { Style } from '../../output/style.ts';
import { table } from '../../output/table.ts';

export const managerStatus: CommandSpec = {
  path: ['manager', 'status'],
  summary: 'whether the manager runs, and what it sees',
  details: 'Ends with exit code 1 where it does not run; running proxies are then asked themselves.',
  examples: ['mcp-acp manager status', 'mcp-acp manager status --json'],
  async run(cli) {
    const paths = cli.paths();
    const live = await readLiveState(paths, proxyNames(paths));
    const { manager } = live;
    const byName = instancesByName(live);
    const isRunning = manager.state === 'running';
    return {
      data: {
        running: isRunning,
        manager: managerData(manager),
        ...(isRunning ? { history: manager.history, totals: manager.totals } : {}),
        proxies: [...byName].map(([name, instances]) => ({
          name,
          instances: instances.map((one) => ({ instance: one.instance, pid: one.pid, ...figuresOf(one) })),
        })),
      },
      text: [...managerLines(live, cli.style), ...instanceTable(byName)],
      notes: isRunning || manager.state === 'silent' ? [] : ['Start it: mcp-acp manager start'],
      exit: isRunning ? 0 : 1,
    };
  },
};

function instancesByName({ instances }: LiveState): ReadonlyMap<string, readonly LiveInstance[]> {
  const byName = new Map<string, LiveInstance[]>();
  for (const one of instances.values()) byName.set(one.name, [...(byName.get(one.name) ?? []), one]);
  return new Map([...byName].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function managerLines({ manager }: LiveState, style: Style): readonly string[] {
  switch (manager.state) {
    case 'absent':
      return [`manager  ${style.dim('not running')}`];
    case 'unready':
      return [
        `manager  ${style.yellow('not listening')} (pid ${manager.pid}): it is starting, ending or stuck`,
      ];
    case 'silent': {
      const problem = problemLines(problemOf(manager.problem), style);
      return [`manager  ${style.red('gives no answer')}`, ...problem.map((line) => `  ${line}`)];
    }
    case 'running': {
      const { pid, program, port, startedAt, dashboards, subscribers, idleExit } = manager.status;
      const { state, records, problem } = manager.history;
      const ends = idleExit === 0 ? '' : `, ends after ${idleExit} min without work`;
      return [
        `manager  ${style.green('running')}  pid ${pid}, version ${visible(program, 64)}, up ${duration(uptimeMs(startedAt))}${ends}`,
        `  dashboard http://127.0.0.1:${port}, ${count(dashboards, 'page')} open, ${count(subscribers, 'subscription')}`,
        `  history ${state}, ${count(records, 'record')}${problem === undefined ? '' : `: ${visible(problem, 300)}`}`,
      ];
    }
  }
}

const count = (number: number, word: string): string => `${number} ${number === 1 ? word : `${word}s`}`;

function instanceTable(byName: ReadonlyMap<string, readonly LiveInstance[]>): readonly string[] {
  if (byName.size === 0) return [];
  const rows = [...byName].map(([name, instances]) => [
    name,
    String(instances.length),
    ...figureCells(instances.map(figuresOf)),
  ]);
  return ['', ...table([['PROXY', 'RUNNING', ...figureHeadings], ...rows])];
}
