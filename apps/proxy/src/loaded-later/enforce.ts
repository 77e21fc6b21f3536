import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Journal } from '@mcp-acp/audit/journal';
import { openJournal } from '@mcp-acp/audit/open-journal';
import { openPayloadStore } from '@mcp-acp/audit/payload-store';
import { recoverDeadStreams } from '@mcp-acp/audit/recover';
import { createPathResolver } from '@mcp-acp/config/path-resolver';
import { keepPolicyVersion } from '@mcp-acp/config/policy-history';
import type { ProxyConfig } from '@mcp-acp/config/proxy-config';
import { watchFile } from '@mcp-acp/config/watch-file';
import { localUser } from '@mcp-acp/identity/local-user';
import type { BackendEnd } from '@mcp-acp/mcp/backend-end';
import type { End } from '@mcp-acp/mcp/end';
import { createStreamEnd } from '@mcp-acp/mcp/stdio/stream-end';
import { systemClock } from '@mcp-acp/shared/clock';
import { newInstanceId } from '@mcp-acp/shared/ids';
import type { Sender } from '@mcp-acp/shared/journal-record';
import { limits } from '@mcp-acp/shared/limits';
import { visible } from '@mcp-acp/shared/visible';
import { type BackendEvents, recordOf } from '../backend-events.ts';
import { openBoundedLog } from '../bounded-log.ts';
import { callIdleMs } from '../call-idle.ts';
import { composeEnforcement } from '../compose.ts';
import { createFlow } from '../flow.ts';
import type { InstanceOptions } from '../instance-options.ts';
import { onCrash } from '../on-crash.ts';
import { loadPolicy, type PolicyInForce } from '../policy-in-force.ts';
import { superviseInstance } from '../supervise.ts';
import { withWireLog } from '../wire-log.ts';

export interface EnforceOptions extends InstanceOptions {
  readonly config: ProxyConfig;
  readonly server: BackendEnd;
  readonly events: BackendEvents;
  readonly signalled: Promise<'signalled'>;
}

/** Work that need not be done before the first answer is left until then. Milliseconds. */
const afterStartMs = 250;

/** Opens the journal, puts the policy in force, and relays until the client or the backend is gone. Returns the exit code. */
export async function enforce(options: EnforceOptions): Promise<number> {
  const { name, env, paths, input, config } = options;
  const instance = newInstanceId(randomBytes);
  const clock = systemClock;
  const userHome = env.HOME || homedir();
  const subjects = localUser();
  const resolver = createPathResolver({ cwd: workingFolder(config), home: userHome });
  const payloads = openPayloadStore({ dir: paths.payloadsDir(name), instance });
  const journal = openJournal({
    auditDir: paths.auditDir(name),
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
      backend: config.backend.id,
      subject: subjects.current().id,
      configVersion: digestOf(paths.proxyConfig(name)),
    },
  });
  options.events.listen((event) => {
    const record = recordOf(event);
    if (record !== undefined) journal.append(record);
    if (event.kind === 'not_taken')
      process.stderr.write(
        `mcp-acp: the backend did not take ${visible(event.what)}: ${visible(event.detail)}\n`,
      );
  });
  const lineLimitBytes = config.limits.messageBytes;
  const wires =
    config.logLevel === 'debug'
      ? openBoundedLog(join(paths.debugDir(name), `${instance}.jsonl`), limits.wireLogBytes)
      : undefined;
  const watched = (end: End, peer: Sender): End =>
    wires === undefined ? end : withWireLog(end, peer, wires);
  const client = watched(createStreamEnd({ input, output: process.stdout, lineLimitBytes }), 'client');
  const server: BackendEnd = { ...options.server, ...watched(options.server, 'server') };
  let reason = 'failed';
  let backendExit: string | undefined;
  onCrash({ file: paths.incidents.crashes, proxyName: name, proxyId: config.id, instance }, () => {
    journal.flushNow();
    void server.terminate(0);
  });
  try {
    const policies = loadPolicy({ paths, name, userHome, resolver });
    journal.append({ type: 'policy', event: 'loaded', version: policies.current().version });
    const flow = createFlow({ client, server });
    const parts = { config, paths, policies, journal, payloads, subjects, clock, flow, resolver };
    const point = composeEnforcement(parts);
    const keepVersion = (): void => void keepPolicyVersion(paths, name, policies.text());
    const stopReloading = reloadOnChange({ file: paths.policy(name), policies, journal, keepVersion });
    afterStart(keepVersion);
    afterStart(() => {
      const { id: proxyId } = config;
      recoverDeadStreams({ auditDir: paths.auditDir(name), proxyId, proxyName: name, by: instance, clock });
    });
    const ended = await superviseInstance({
      flow,
      client,
      server,
      point,
      callIdleMs: callIdleMs(config.backend),
      signalled: options.signalled,
    });
    stopReloading();
    ({ reason, backendExit } = ended);
    return ended.code;
  } finally {
    // A journal that cannot be closed is closed by the next instance; there is nobody left to tell here.
    await journal.close(reason, backendExit).catch(() => undefined);
    payloads.close();
    wires?.close();
  }
}

/** What paths in arguments are relative to; an HTTP backend has none of its own, and its paths are not resolved. */
const workingFolder = ({ backend }: ProxyConfig): string =>
  (backend.transport === 'stdio' ? backend.cwd : undefined) ?? process.cwd();

const digestOf = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');

/** Housekeeping must not end a session that works without it. */
function quietly(task: () => void): void {
  try {
    task();
  } catch (error) {
    process.stderr.write(`mcp-acp: ${error instanceof Error ? error.message : String(error)}\n`);
  }
}

const afterStart = (task: () => void): void => {
  setTimeout(() => quietly(task), afterStartMs).unref();
};

interface Reloading {
  readonly file: string;
  readonly policies: PolicyInForce;
  readonly journal: Journal;
  readonly keepVersion: () => void;
}

/** Reloads the policy on SIGHUP and when its file changes. Returns how to stop. */
function reloadOnChange({ file, policies, journal, keepVersion }: Reloading): () => void {
  const reload = (): void =>
    quietly(() => {
      const change = policies.reload();
      if (change === undefined) return;
      const problem = change.problem === undefined ? '' : `: ${change.problem}`;
      process.stderr.write(`mcp-acp: policy ${change.event}${problem}\n`);
      journal.append(change);
      if (change.event === 'loaded') keepVersion();
    });
  const watch = watchFile(file, reload);
  process.on('SIGHUP', reload);
  return () => {
    watch.close();
    process.off('SIGHUP', reload);
  };
}
