import { type BackendStateSeen, backendState } from '@mcp-acp/admin/backend-state';
import { runningInstances } from '@mcp-acp/admin/instances';
import { readPolicy } from '@mcp-acp/admin/policies';
import { isConfirmed } from '@mcp-acp/config/policy-history';
import { readProxyConfig } from '@mcp-acp/config/proxy-config';
import { checkPolicy } from '@mcp-acp/policy/check-policy';
import { visible } from '@mcp-acp/shared/visible';
import { chooseProxies } from '../choose-proxy.ts';
import type { Cli } from '../cli.ts';
import { type CommandSpec, proxyOption } from '../command-spec.ts';
import { type Problem, problemLines, problemOf } from '../output/problem.ts';
import type { Style } from '../output/style.ts';

export const status: CommandSpec = {
  path: ['status'],
  summary: 'what runs, and whether policies and settings can be used',
  options: [{ ...proxyOption, description: 'only this one' }],
  examples: ['mcp-acp status', 'mcp-acp status --json'],
  run(cli, input) {
    const paths = cli.paths();
    const proxies = chooseProxies(paths, input.option('proxy')).map((name) => proxyStatus(cli, name));
    return {
      data: { home: paths.home, proxies },
      text:
        proxies.length === 0 ? ['There is no proxy yet.'] : proxies.flatMap((one) => statusLines(cli, one)),
      notes: proxies.length === 0 ? ['Add one: mcp-acp proxy add NAME -- COMMAND ARGS…'] : [],
      exit: proxies.some(({ problems }) => problems.length > 0) ? 16 : 0,
    };
  },
};

interface ProxyStatus {
  readonly name: string;
  readonly instances: readonly {
    readonly instance: string;
    readonly pid: number;
    readonly startedAt: string;
    /** Where the backend is reached over HTTP. */
    readonly backend?: BackendStateSeen;
  }[];
  readonly policy?: { readonly version: string; readonly rules: number; readonly confirmed: boolean };
  readonly problems: readonly Problem[];
}

function proxyStatus(cli: Cli, name: string): ProxyStatus {
  const paths = cli.paths();
  const problems: Problem[] = [];
  try {
    readProxyConfig(paths, name);
  } catch (error) {
    problems.push(withoutExit(error));
  }
  let policy: ProxyStatus['policy'];
  try {
    const { text, file, digest } = readPolicy(paths, name);
    const check = checkPolicy(text, file);
    if (check.ok) {
      const confirmed = isConfirmed(paths, name, digest);
      policy = { version: digest, rules: check.policy.rules.length, confirmed };
    } else {
      const [first] = check.problems;
      problems.push({
        code: 'policy_invalid',
        message: first?.message ?? 'The policy is not valid.',
        ...(first?.fix === undefined ? {} : { fix: first.fix }),
        ...(first === undefined ? {} : { position: { file, line: first.line, column: first.column } }),
      });
    }
  } catch (error) {
    problems.push(withoutExit(error));
  }
  const running = runningInstances(paths, name);
  if (running.problem !== undefined) problems.push(withoutExit(running.problem));
  const instances = running.instances.map((one) => {
    const { instance, pid, startedAt } = one;
    const backend = backendState(paths, name, one);
    return { instance, pid, startedAt, ...(backend === undefined ? {} : { backend }) };
  });
  return { name, instances, ...(policy === undefined ? {} : { policy }), problems };
}

function withoutExit(error: unknown): Problem {
  const { exit: _, ...problem } = problemOf(error);
  return problem;
}

function statusLines({ style }: Cli, { name, instances, policy, problems }: ProxyStatus): readonly string[] {
  const running =
    instances.length === 0 ? style.dim('not running') : style.green(`${instances.length} running`);
  return [
    `${style.bold(name)}  ${running}`,
    ...instances.flatMap(({ instance, pid, startedAt, backend }) => [
      `  ${instance}  pid ${pid}  since ${startedAt}`,
      ...(backend === undefined ? [] : [`    backend ${backendLine(backend, style)}`]),
    ]),
    ...(policy === undefined
      ? []
      : [
          `  policy ${policy.version.slice(0, 12)}, ${policy.rules} ${policy.rules === 1 ? 'rule' : 'rules'}${policy.confirmed ? '' : ', edited by hand and not confirmed'}`,
        ]),
    ...problems.flatMap((problem) => problemLines(problem, style).map((line) => `  ${line}`)),
  ];
}

function backendLine({ state, since, lastError }: BackendStateSeen, style: Style): string {
  const shown = state === 'connected' ? style.green(state) : state === 'failed' ? style.red(state) : state;
  const error =
    lastError === undefined
      ? ''
      : `, last error ${visible(lastError.error, 300)} at ${visible(lastError.time, 32)}`;
  return `${shown} since ${visible(since, 32)}${error}`;
}
