import { type BackendStateSeen, backendState } from '@mcp-acp/admin/backend-state';
import { runningInstances } from '@mcp-acp/admin/instances';
import { readProxyConfig } from '@mcp-acp/config/proxy-config';
import { visible } from '@mcp-acp/shared/visible';
import { chooseProxies } from '../choose-proxy.ts';
import type { Cli } from '../cli.ts';
import { type CommandSpec, proxyOption } from '../command-spec.ts';
import { duration, type Figures, figuresLine, figuresOf, waitingLines } from '../live/figures.ts';
import {
  type LiveState,
  managerData,
  readLiveState,
  type SeenManager,
  uptimeMs,
} from '../live/live-state.ts';
import { type PolicyStatus, policyStatus, policyText } from '../live/policy-standing.ts';
import { type Problem, problemLines, problemOf } from '../output/problem.ts';
import type { Style } from '../output/style.ts';

export const status: CommandSpec = {
  path: ['status'],
  summary: 'what runs and what it has done, and whether policies and settings can be used',
  options: [{ ...proxyOption, description: 'only this one' }],
  examples: ['mcp-acp status', 'mcp-acp status --json'],
  async run(cli, input) {
    const paths = cli.paths();
    const names = chooseProxies(paths, input.option('proxy'));
    const live = await readLiveState(paths, names);
    const proxies = names.map((name) => proxyStatus(cli, name, live));
    return {
      data: { home: paths.home, manager: managerData(live.manager), proxies },
      text: [
        ...(proxies.length === 0
          ? ['There is no proxy yet.']
          : proxies.flatMap((one) => statusLines(cli, one))),
        ...managerLine(live.manager, cli.style),
      ],
      notes:
        proxies.length === 0
          ? ['Add one: mcp-acp proxy add NAME -- COMMAND ARGS…']
          : waitingLines([...live.instances.values()]),
      exit: proxies.some(({ problems }) => problems.length > 0) ? 16 : 0,
    };
  },
};

/** `connected`: it answered just now, so that its figures are here too. */
type InstanceShown = {
  readonly instance: string;
  readonly pid: number;
  readonly startedAt: string;
  readonly connected: boolean;
  /** Where something is known of how the backend is reached. */
  readonly backend?: Omit<BackendStateSeen, 'state'> & { readonly state: string; readonly retries?: number };
  /** Why it does not answer. */
  readonly problem?: string;
} & Partial<Figures>;

interface ProxyStatus {
  readonly name: string;
  readonly enabled: boolean;
  readonly connected: boolean;
  readonly instances: readonly InstanceShown[];
  readonly policy?: PolicyStatus;
  readonly problems: readonly Problem[];
}

function proxyStatus(cli: Cli, name: string, live: LiveState): ProxyStatus {
  const paths = cli.paths();
  const problems: Problem[] = [];
  let enabled = true;
  try {
    enabled = readProxyConfig(paths, name).enabled;
  } catch (error) {
    problems.push(withoutExit(error));
  }
  const running = runningInstances(paths, name);
  if (running.problem !== undefined) problems.push(withoutExit(running.problem));
  const instances = running.instances.map((one): InstanceShown => {
    const { instance, pid, startedAt } = one;
    const answer = live.instances.get(instance);
    if (answer !== undefined) {
      const { state, since, retries, lastError } = answer.backend;
      const backend = { state, since, retries, ...(lastError === undefined ? {} : { lastError }) };
      return { instance, pid, startedAt, connected: true, ...figuresOf(answer), backend };
    }
    const backend = backendState(paths, name, one);
    const problem = live.silent.get(instance)?.message;
    return {
      instance,
      pid,
      startedAt,
      connected: false,
      uptimeMs: uptimeMs(startedAt),
      ...(backend === undefined ? {} : { backend }),
      ...(problem === undefined ? {} : { problem }),
    };
  });
  const connected = instances.some((one) => one.connected);
  const told = instances.flatMap(({ instance }) => live.instances.get(instance) ?? []);
  let policy: PolicyStatus | undefined;
  try {
    const seen = policyStatus(paths, name, {
      count: instances.length,
      versions: told.flatMap(({ policyVersion }) => policyVersion ?? []),
      held: told.flatMap(({ policyAside }) => (policyAside?.event === 'held' ? [policyAside.version] : [])),
    });
    if (seen.ok) policy = seen.policy;
    else problems.push(brokenPolicy(seen));
  } catch (error) {
    problems.push(withoutExit(error));
  }
  return { name, enabled, connected, instances, ...(policy === undefined ? {} : { policy }), problems };
}

function brokenPolicy({ file, first }: Exclude<ReturnType<typeof policyStatus>, { ok: true }>): Problem {
  return {
    code: 'policy_invalid',
    message: first?.message ?? 'The policy is not valid.',
    ...(first?.fix === undefined ? {} : { fix: first.fix }),
    ...(first === undefined ? {} : { position: { file, line: first.line, column: first.column } }),
  };
}

function withoutExit(error: unknown): Problem {
  const { exit: _, ...problem } = problemOf(error);
  return problem;
}

function statusLines({ style }: Cli, shown: ProxyStatus): readonly string[] {
  const { name, enabled, instances, policy, problems } = shown;
  const running =
    instances.length === 0 ? style.dim('not running') : style.green(`${instances.length} running`);
  return [
    `${style.bold(name)}  ${running}${enabled ? '' : style.yellow(', switched off')}`,
    ...instances.flatMap((one) => instanceLines(one, style)),
    ...(policy === undefined ? [] : [`  ${policyLine(name, policy, style)}`]),
    ...problems.flatMap((problem) => problemLines(problem, style).map((line) => `  ${line}`)),
  ];
}

const policyLine = (name: string, policy: PolicyStatus, style: Style): string =>
  policy.standing === 'held' ? style.yellow(policyText(name, policy)) : policyText(name, policy);

function instanceLines(one: InstanceShown, style: Style): readonly string[] {
  const { instance, pid, startedAt, backend, problem } = one;
  const up = `up ${duration(one.uptimeMs ?? uptimeMs(startedAt))}`;
  const figures = 'requests' in one ? `  ${figuresLine(one as Figures)}` : '';
  return [
    `  ${instance}  pid ${pid}  ${up}${figures}`,
    ...(backend === undefined ? [] : [`    backend ${backendLine(backend, style)}`]),
    ...(problem === undefined ? [] : [`    ${style.yellow('no answer')}: ${visible(problem, 300)}`]),
  ];
}

function backendLine(
  { state, since, lastError }: NonNullable<InstanceShown['backend']>,
  style: Style,
): string {
  const shown = state === 'connected' ? style.green(state) : state === 'failed' ? style.red(state) : state;
  const error =
    lastError === undefined
      ? ''
      : `, last error ${visible(lastError.error, 300)} at ${visible(lastError.time, 32)}`;
  return `${shown} since ${visible(since, 32)}${error}`;
}

function managerLine(manager: SeenManager, style: Style): readonly string[] {
  switch (manager.state) {
    case 'running': {
      const { port, pid } = manager.status;
      return [`${style.bold('manager')}  ${style.green('running')}  pid ${pid}, http://127.0.0.1:${port}`];
    }
    case 'absent':
      return [];
    default:
      return [`${style.bold('manager')}  ${style.yellow('no answer')}: mcp-acp manager status`];
  }
}
