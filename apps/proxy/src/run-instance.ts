import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { openJournal } from '@mcp-acp/audit/open-journal';
import { openPayloadStore } from '@mcp-acp/audit/payload-store';
import { recoverDeadStreams } from '@mcp-acp/audit/recover';
import type { HomePaths } from '@mcp-acp/config/home-paths';
import { createPathResolver } from '@mcp-acp/config/path-resolver';
import { keepPolicyVersion } from '@mcp-acp/config/policy-history';
import { readProxyConfig } from '@mcp-acp/config/proxy-config';
import { watchFile } from '@mcp-acp/config/watch-file';
import { localUser } from '@mcp-acp/identity/local-user';
import type { ByteSource } from '@mcp-acp/mcp/stdio/byte-source';
import { spawnBackend } from '@mcp-acp/mcp/stdio/spawn-backend';
import { createStreamEnd } from '@mcp-acp/mcp/stdio/stream-end';
import { systemClock } from '@mcp-acp/shared/clock';
import { newInstanceId, type RandomBytes } from '@mcp-acp/shared/ids';
import { backendEnvironment } from './backend-environment.ts';
import { composeEnforcement } from './compose.ts';
import { openStderrLog } from './stderr-log.ts';
import { superviseInstance } from './supervise.ts';

export interface InstanceOptions {
  readonly name: string;
  readonly env: NodeJS.ProcessEnv;
  readonly paths: HomePaths;
  /** The client's messages. Read once the policy is in force. */
  readonly input: ByteSource;
  readonly random: RandomBytes;
}

/** Work that need not be done before the first answer is left until then. Milliseconds. */
const afterStartMs = 250;

/**
 * One start of a proxy, from its configuration to its exit code. The order is that of the security path: the journal
 * is open before the backend runs, and nothing is read from the client before the policy is in force. The backend
 * starts while the policy is read, on another core.
 */
export async function runInstance({ name, env, paths, input, random }: InstanceOptions): Promise<number> {
  const config = readProxyConfig(paths, name);
  const { backend, limits } = config;
  const instance = newInstanceId(random);
  const clock = systemClock;
  const userHome = env.HOME || homedir();
  const cwd = backend.cwd ?? process.cwd();
  const resolver = createPathResolver({ cwd, home: userHome });
  const subjects = localUser();
  const payloads = openPayloadStore({ dir: paths.payloadsDir(name), instance });
  const auditDir = paths.auditDir(name);
  const configVersion = createHash('sha256')
    .update(readFileSync(paths.proxyConfig(name)))
    .digest('hex');
  const journal = openJournal({
    auditDir,
    emergencyFile: paths.incidents.emergency,
    proxyId: config.id,
    proxyName: name,
    instance,
    durability: config.audit.durability,
    clock,
    payloads,
    opened: {
      format: 1,
      pid: process.pid,
      backend: backend.id,
      subject: subjects.current().id,
      configVersion,
    },
  });
  const stderrLog = openStderrLog(paths.stderrLog(name), process.stderr);
  const server = spawnBackend({
    command: backend.command,
    args: backend.args,
    ...(backend.cwd === undefined ? {} : { cwd: backend.cwd }),
    env: backendEnvironment(backend, env),
    lineLimitBytes: limits.messageBytes,
    onStderr: stderrLog.write,
  });
  const finish = async (reason: string, backendExit?: string): Promise<void> => {
    // A journal that cannot be closed is closed by the next instance; there is nobody left to tell here.
    await journal.close(reason, backendExit).catch(() => undefined);
    payloads.close();
    stderrLog.close();
  };
  try {
    const { loadPolicy } = await import('./policy-in-force.ts');
    const policies = loadPolicy({ paths, name, userHome, resolver });
    const { version } = policies.current();
    journal.append({ type: 'policy', event: 'loaded', version });
    const client = createStreamEnd({
      input,
      output: process.stdout,
      lineLimitBytes: limits.messageBytes,
    });
    const parts = {
      config,
      paths,
      policies,
      journal,
      payloads,
      subjects,
      clock,
      client,
      server,
      resolver,
    };
    const point = composeEnforcement(parts);
    const reload = (): void => {
      const change = policies.reload();
      if (change === undefined) return;
      journal.append(change);
      if (change.event === 'loaded') keepPolicyVersion(paths, name, policies.text());
      process.stderr.write(
        `mcp-acp: policy ${change.event}${change.problem === undefined ? '' : `: ${change.problem}`}\n`,
      );
    };
    process.on('SIGHUP', reload);
    const watch = watchFile(paths.policy(name), reload);
    setTimeout(() => {
      keepPolicyVersion(paths, name, policies.text());
      recoverDeadStreams({ auditDir, proxyId: config.id, proxyName: name, by: instance, clock });
    }, afterStartMs).unref();
    const ended = await superviseInstance({ client, server, point, callIdleMs: backend.callIdleMs });
    watch.close();
    await finish(ended.reason, ended.backendExit);
    return ended.code;
  } catch (error) {
    await server.terminate(0);
    await finish('failed');
    throw error;
  }
}
