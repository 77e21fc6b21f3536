import { randomBytes } from 'node:crypto';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { nodeDisk } from '@mcp-acp/audit/journal-disk';
import { openJournal } from '@mcp-acp/audit/open-journal';
import { openPayloadStore } from '@mcp-acp/audit/payload-store';
import { recoverDeadStreams } from '@mcp-acp/audit/recover';
import { createPathResolver } from '@mcp-acp/config/path-resolver';
import { keepPolicyVersion } from '@mcp-acp/config/policy-history';
import type { ProxyConfig } from '@mcp-acp/config/proxy-config';
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
import { createConfigInForce, type LoadedConfig } from '../config-in-force.ts';
import { createFlow } from '../flow.ts';
import type { InstanceOptions } from '../instance-options.ts';
import { observeJournal } from '../live/journal-observer.ts';
import { createPersonSeen } from '../live/person-seen.ts';
import { startLive } from '../live/start-live.ts';
import { timeDisk } from '../live/timed-disk.ts';
import { onCrash } from '../on-crash.ts';
import { loadPolicy } from '../policy-in-force.ts';
import { quietly } from '../quietly.ts';
import { startReloading } from '../reloading.ts';
import { superviseInstance } from '../supervise.ts';
import { version } from '../version.ts';
import { withWireLog } from '../wire-log.ts';

export interface EnforceOptions extends InstanceOptions {
  readonly loaded: LoadedConfig;
  readonly server: BackendEnd;
  readonly events: BackendEvents;
  readonly signalled: Promise<'signalled'>;
}

/** Work that need not be done before the first answer is left until then. Milliseconds. */
const afterStartMs = 250;

/** Opens the journal, puts the policy in force, and relays until the client or the backend is gone. Returns the exit code. */
export async function enforce(options: EnforceOptions): Promise<number> {
  const { name, env, paths, input, loaded } = options;
  const { config } = loaded;
  const { id: proxyId } = config;
  const instance = newInstanceId(randomBytes);
  const clock = systemClock;
  const userHome = env.HOME || homedir();
  const subjects = localUser();
  const resolver = createPathResolver({ cwd: workingFolder(config), home: userHome });
  const payloads = openPayloadStore({ dir: paths.payloadsDir(name), instance });
  const timed = timeDisk(nodeDisk, clock);
  const opened = openJournal({
    auditDir: paths.auditDir(name),
    emergencyFile: paths.incidents.emergency,
    proxyId,
    proxyName: name,
    instance,
    durability: config.audit.durability,
    disk: timed.disk,
    clock,
    payloads,
    opened: {
      format: 1,
      program: version,
      pid: process.pid,
      backend: config.backend.id,
      ...(config.backend.transport === 'stdio' ? { cwd: workingFolder(config) } : {}),
      subject: subjects.current().id,
      configVersion: loaded.version,
    },
  });
  const { journal, observe } = observeJournal(opened, clock);
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
  const over = new AbortController();
  let reason = 'failed';
  let backendExit: string | undefined;
  let served: Promise<void> | undefined;
  onCrash({ file: paths.incidents.crashes, proxyName: name, proxyId, instance }, () => {
    journal.flushNow();
    void server.terminate(0);
  });
  try {
    const policies = loadPolicy({ paths, name, userHome, resolver });
    const configs = createConfigInForce(paths, name, loaded);
    journal.append({ type: 'policy', event: 'loaded', version: policies.current().version });
    const flow = createFlow({ client, server });
    const origin = { id: proxyId, name, instance };
    const person = createPersonSeen(over.signal);
    const point = composeEnforcement({
      ...{ config, configs, paths, policies, journal, payloads, subjects, clock, flow, resolver },
      ...{ origin, person },
    });
    const keepVersion = (): void => void keepPolicyVersion(paths, name, policies.text());
    const reloading = startReloading({
      files: { policy: paths.policy(name), config: paths.proxyConfig(name) },
      policies,
      configs,
      journal,
      policyLoaded: () => {
        point.approvals.policyChanged();
        keepVersion();
      },
    });
    afterStart(keepVersion);
    afterStart(() => {
      recoverDeadStreams({ auditDir: paths.auditDir(name), proxyId, proxyName: name, by: instance, clock });
    });
    served = startLive({
      ...options,
      origin,
      person,
      clock,
      subject: subjects.current().id,
      journal,
      observe,
      point,
      policies,
      configs,
      reloading,
      journalTimes: timed.times,
      signal: over.signal,
    });
    const ended = await superviseInstance({
      flow,
      client,
      server,
      point,
      callIdleMs: callIdleMs(config.backend),
      signalled: options.signalled,
    });
    reloading.stop();
    const { incident } = ended;
    ({ reason, backendExit } = ended);
    // The session's last record says it too, where the disk takes only that.
    if (incident !== undefined) quietly(() => void journal.append({ type: 'incident', ...incident }));
    return ended.code;
  } finally {
    // A journal that cannot be closed is closed by the next instance; there is nobody left to tell here.
    await journal.close(reason, backendExit).catch(() => undefined);
    // Those who watch are told the figures of all that was written.
    over.abort();
    await served;
    payloads.close();
    wires?.close();
  }
}

/** What paths in arguments are relative to; an HTTP backend has none of its own, and its paths are not resolved. */
const workingFolder = ({ backend }: ProxyConfig): string =>
  (backend.transport === 'stdio' ? backend.cwd : undefined) ?? process.cwd();

const afterStart = (task: () => void): void => {
  setTimeout(() => quietly(task), afterStartMs).unref();
};
