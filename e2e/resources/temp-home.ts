import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type HomePaths, homePaths } from '@mcp-acp/config/home-paths';
import { type InstanceId, newProxyId } from '@mcp-acp/shared/ids';
import { binary, type Command } from './fixtures.ts';
import { LineClient } from './line-client.ts';

/** A backend that is reached over HTTP, as `config.json` has it; what is left out has the product's default. */
export interface HttpBackendSettings {
  readonly transport: 'http' | 'sse';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly inheritHeaders?: readonly string[];
  readonly connectMs?: number;
  readonly firstByteMs?: number;
  readonly idleMs?: number;
  readonly connectRetries?: number;
  readonly maxConnections?: number;
}

export interface ProxySettings {
  readonly backend: Command | HttpBackendSettings;
  /** Text of policy.yaml. Default: everything allowed. */
  readonly policy?: string;
  readonly durability?: 'sync' | 'flush';
  readonly payloads?: 'arguments' | 'full' | 'none';
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly inheritEnv?: readonly string[];
  readonly callIdleMs?: number;
  readonly messageBytes?: number;
  readonly logLevel?: 'debug';
  /** How long a call waits for a person, and how long the question can be answered after that. */
  readonly approvals?: { readonly holdMs?: number; readonly openMs?: number };
  readonly rate?: { readonly calls: number; readonly perMs: number; readonly effect: 'ask' | 'deny' };
}

export const allowAll =
  'version: 1\nrules:\n  - id: everything\n    effect: allow\n    when: { mcp_method: "*" }\n';

function backendOf({ backend, cwd, env, inheritEnv, callIdleMs }: ProxySettings): object {
  if ('url' in backend) return backend;
  const [command, ...args] = backend;
  return {
    transport: 'stdio',
    command,
    args,
    ...(cwd === undefined ? {} : { cwd }),
    ...(env === undefined ? {} : { env }),
    ...(inheritEnv === undefined ? {} : { inheritEnv }),
    ...(callIdleMs === undefined ? {} : { callIdleMs }),
  };
}

/** A home of mcp-acp and a project folder beside it, both removed at the end of the test. */
export class TempHome implements AsyncDisposable {
  readonly base: string;
  readonly home: string;
  readonly project: string;
  readonly paths: HomePaths;
  readonly env: NodeJS.ProcessEnv;

  /** `prefix` begins the name of its folder. */
  constructor(prefix = 'acp-') {
    this.base = realpathSync(mkdtempSync(join(tmpdir(), prefix)));
    this.home = join(this.base, 'home');
    this.project = join(this.base, 'project');
    mkdirSync(this.home, { mode: 0o700 });
    mkdirSync(this.project);
    this.env = { PATH: process.env.PATH, HOME: this.base, LANG: 'C.UTF-8', MCP_ACP_HOME: this.home };
    this.paths = homePaths(this.env);
    // The first proxy would start a manager, which outlives the test.
    this.manager({});
  }

  /** Writes manager.json: a manager starts where a test starts one, unless it says otherwise, and opens no browser. */
  manager(settings: Readonly<Record<string, unknown>>): void {
    const value = { format: 1, autoStart: false, openBrowser: false, ...settings };
    this.write(this.paths.managerConfig, `${JSON.stringify(value, null, 2)}\n`);
  }

  /** Writes a proxy's configuration and policy as `proxy add` would. */
  addProxy(name: string, settings: ProxySettings): void {
    mkdirSync(this.paths.proxyDir(name), { recursive: true, mode: 0o700 });
    const config = {
      format: 1,
      id: newProxyId((length) => randomBytes(length)),
      backend: backendOf(settings),
      ...(settings.approvals === undefined ? {} : { approvals: settings.approvals }),
      limits: {
        ...(settings.messageBytes === undefined ? {} : { messageBytes: settings.messageBytes }),
        ...(settings.rate === undefined ? {} : { rate: settings.rate }),
      },
      ...(settings.logLevel === undefined ? {} : { logLevel: settings.logLevel }),
      audit: { durability: settings.durability ?? 'sync', payloads: settings.payloads ?? 'arguments' },
    };
    this.write(this.paths.proxyConfig(name), `${JSON.stringify(config, null, 2)}\n`);
    this.write(this.paths.policy(name), settings.policy ?? allowAll);
  }

  write(file: string, text: string): void {
    writeFileSync(file, text, { mode: 0o600 });
    chmodSync(file, 0o600);
  }

  /** How a client starts the proxy. */
  startCommand(name: string): Command {
    return [process.execPath, binary, 'start', '--proxy', name];
  }

  /** Starts the proxy as a client would, with raw lines in and out. */
  start(name: string): LineClient {
    const [command, ...args] = this.startCommand(name);
    return new LineClient({ command, args, env: this.env, cwd: this.base });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const again = { recursive: true, force: true, maxRetries: 5, retryDelay: 100 };
    // Sockets of a home whose path is long lie elsewhere.
    const sockets = dirname(this.paths.proxySocket('x', 'inst_aaaaaaaaaaaaaaaa' as InstanceId));
    if (!sockets.startsWith(this.base)) rmSync(sockets, again);
    rmSync(this.base, again);
  }
}
