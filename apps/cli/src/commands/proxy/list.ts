import { type ListedProxy, listProxies } from '@mcp-acp/admin/proxies';
import { backendText, shownBackend } from '@mcp-acp/admin/shown-backend';
import type { CommandSpec } from '../../command-spec.ts';
import { figureCells, figureHeadings, figuresOf, waitingLines } from '../../live/figures.ts';
import { type LiveInstance, type LiveState, readLiveState } from '../../live/live-state.ts';
import { problemOf } from '../../output/problem.ts';
import { table } from '../../output/table.ts';

export const proxyList: CommandSpec = {
  path: ['proxy', 'list'],
  summary: 'list the proxies, and what those that run have done',
  examples: ['mcp-acp proxy list', 'mcp-acp proxy list --json'],
  async run(cli) {
    const paths = cli.paths();
    const proxies = listProxies(paths);
    const live = await readLiveState(
      paths,
      proxies.map(({ name }) => name),
    );
    // Columns that hold nothing are left out.
    const withFigures = live.instances.size > 0;
    const rows = proxies.map((proxy) => [
      proxy.name,
      stateText(proxy),
      ...(withFigures ? figureCells(instancesOf(live, proxy).map(figuresOf)) : []),
      'config' in proxy ? backendText(proxy.config.backend) : 'broken: mcp-acp config validate',
    ]);
    const headings = ['NAME', 'STATE', ...(withFigures ? figureHeadings : []), 'BACKEND'];
    return {
      data: { manager: live.manager.state, proxies: proxies.map((proxy) => listedData(proxy, live)) },
      text: rows.length === 0 ? [] : table([headings, ...rows]),
      notes: [
        ...(rows.length === 0
          ? ['There is no proxy yet. Add one: mcp-acp proxy add NAME -- COMMAND ARGS…']
          : []),
        ...proxies.flatMap((proxy) =>
          'config' in proxy && proxy.unconfirmed
            ? [`"${proxy.name}" starts nothing until that is confirmed: mcp-acp proxy trust ${proxy.name}`]
            : [],
        ),
        ...waitingLines([...live.instances.values()]),
      ],
    };
  },
};

const instancesOf = ({ instances }: LiveState, { name }: ListedProxy): readonly LiveInstance[] =>
  [...instances.values()].filter((one) => one.name === name);

function stateText(proxy: ListedProxy): string {
  const running = proxy.live === 0 ? '-' : `${proxy.live} running`;
  if (!('config' in proxy)) return running;
  if (proxy.unconfirmed) return 'unconfirmed';
  return proxy.config.enabled ? running : 'off';
}

function listedData(proxy: ListedProxy, live: LiveState): object {
  const instances = instancesOf(live, proxy);
  const state = {
    running: proxy.live,
    connected: instances.length > 0,
    instances: instances.map((one) => ({ instance: one.instance, pid: one.pid, ...figuresOf(one) })),
  };
  if ('config' in proxy) {
    const { id, enabled, backend } = proxy.config;
    const launch = proxy.unconfirmed ? 'unconfirmed' : 'confirmed';
    return { name: proxy.name, id, enabled, launch, ...state, backend: shownBackend(backend) };
  }
  const { exit: _, ...problem } = problemOf(proxy.problem);
  return { name: proxy.name, ...state, problem };
}
