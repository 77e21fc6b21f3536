import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Actor } from '@mcp-acp/admin/actor';
import { askInDialog } from '@mcp-acp/admin/desktop-dialog';
import type { ApiContext } from '@mcp-acp/api/context';
import type { ManagerPorts } from '@mcp-acp/api/ports/manager-ports';
import { appRouter } from '@mcp-acp/api/router/app-router';
import { listenOnSocket } from '@mcp-acp/api/server/listen-on-socket';
import { ensurePrivateDir } from '@mcp-acp/config/private-dir';
import { removeOldRedirectFiles, writeRedirectFile } from '@mcp-acp/config/redirect-file';
import { localUser } from '@mcp-acp/identity/local-user';
import { systemClock } from '@mcp-acp/shared/clock';
import { AcpError } from '@mcp-acp/shared/errors';
import { approvalCardSchema } from '@mcp-acp/shared/live/approval';
import type { LiveEvent } from '@mcp-acp/shared/live/live-event';
import { openAccess } from './access/open-access.ts';
import { createEventHub } from './events/event-hub.ts';
import { createDiskUsage } from './files/disk-usage.ts';
import { createFileServices } from './files/file-services.ts';
import { openHistory } from './history/open-history.ts';
import { createManagerMetrics } from './metrics/manager-metrics.ts';
import { createPolicyWork } from './policy-work/create-policy-work.ts';
import type { ManagerLife, OpenManager } from './process/live-as-manager.ts';
import type { ManagerCounts } from './process/manager-process.ts';
import { watchConfiguredProxies } from './read-model/configured-proxies.ts';
import { createReadModel } from './read-model/read-model.ts';
import { readinessOf } from './readiness-report.ts';
import { countAnswerers } from './registry/count-answerers.ts';
import { forwardOperations } from './registry/forward-operations.ts';
import { gatherApprovals } from './registry/gather-approvals.ts';
import { createRegistry } from './registry/registry.ts';
import { reloadInstances } from './registry/reload-instances.ts';
import { createWatching } from './registry/watching.ts';
import { createProxySetup } from './setup/proxy-setup.ts';
import { startWebServer } from './web/web-server.ts';

/** Where the pages of the dashboard lie: beside the bundle this file is built into. */
const pages = join(__dirname, 'pages');

/** How long operations that run may still be answered when the manager ends. Milliseconds. */
const lastAnswersMs = 1_000;

/** Every concrete part of the manager, and what each is given of the others. */
export async function openManager(life: ManagerLife): Promise<OpenManager> {
  const { paths, config, log, startId } = life;
  const now = (): string => new Date().toISOString();
  ensurePrivateDir(paths.db);

  // The history is open before anybody could be told what it found.
  const early: LiveEvent[] = [];
  let tell = (event: LiveEvent): void => void early.push(event);
  const history = await openHistory({
    paths,
    marks: {
      now: () => access.marks.now(),
      seenUntil: (time) => access.marks.seenUntil(time),
      seen: (ids, shorter) => access.marks.seen(ids, shorter),
    },
    dbFile: join(paths.db, 'history.sqlite'),
    retention: config.retention,
    clock: systemClock,
    log,
    onIncident: (incident) => tell({ type: 'incident', time: now(), ...incident }),
    onState: (state) => tell({ type: 'history_state', time: now(), state }),
  });
  const hub = createEventHub({ series: history.events.series, log: history.events, now });
  const metrics = createManagerMetrics(life.startedAt);
  hub.observe(metrics.saw);
  tell = hub.publish;

  const model = createReadModel({
    configured: watchConfiguredProxies(paths, () => performance.now()),
    memory: history.memory,
    now,
    onStatus: metrics.learned,
  });
  const watching = createWatching();
  const registry = createRegistry({
    paths,
    model,
    hub,
    watching,
    startId,
    now,
    onActivity: history.wake,
  });
  const forward = forwardOperations(model, registry);
  const access = openAccess({
    file: join(paths.db, 'access.json'),
    log: (code, detail) => log.write('warn', 'access', { code, detail }),
    onCodesOver: () => removeOldRedirectFiles(paths.run),
    incident: (code, detail) => {
      history.keepIncident({ code, detail });
      hub.publish({ type: 'incident', time: now(), code, detail });
    },
  });
  access.onChanged(() => hub.publish({ type: 'sessions_changed', time: now() }));

  const reload = reloadInstances(model, forward);
  const actor = (): Actor => ({ by: localUser().current().id, channel: 'dashboard', time: now() });

  let operations = 0;
  const counts = (): ManagerCounts => {
    const { instances, proxies } = model.totals();
    return { dashboards: web.pages, subscribers: hub.subscribers, instances, proxies };
  };
  const manager: ManagerPorts = {
    access,
    approvals: gatherApprovals(model, forward),
    policyWork: createPolicyWork({
      paths,
      card: async (proxy, instance, approval) => {
        const input = { proxy, instance, approval };
        const operation = { path: 'proxy.approval', kind: 'query', input, proxy, instance } as const;
        return approvalCardSchema.parse(await forward({ ...operation, signal: undefined }));
      },
      record: async (ref) => {
        const found = await history.record(ref);
        if (found !== undefined) return found;
        throw new AcpError('not_found', `There is no record ${ref.seq} of ${ref.instance} in the history.`);
      },
    }),
    setup: createProxySetup({
      paths,
      env: life.env,
      program: {
        bin: join(__dirname, '..', 'bin', 'mcp-acp.cjs'),
        ...((life.env.MCP_ACP_HOME ?? '') === '' ? {} : { home: paths.home }),
      },
      actor,
      ask: (question, signal) => askInDialog(question, { env: life.env, signal }),
      log: (event, fields) => log.write('info', event, fields),
    }),
    storage: createDiskUsage(paths),
    events: countAnswerers(hub, watching),
    files: createFileServices({ paths, actor, reload, tampered: history.tampered }),
    history,
    metrics: metrics.text,
    process: life.process(counts),
    proxies: model,
    registry,
    reload,
  };
  const context = (came: Omit<ApiContext, 'live' | 'manager' | 'operations'>): ApiContext => ({
    ...came,
    live: { at: 'elsewhere', forward },
    manager,
    operations: {
      record: (entry) => {
        operations++;
        log.record(entry);
      },
    },
  });

  const web = await startWebServer({
    port: life.port,
    installation: createHash('sha256').update(paths.home).digest('hex').slice(0, 8),
    access,
    router: appRouter,
    createContext: context,
    metrics: metrics.text,
    readiness: () => readinessOf({ paths, history, model }),
    log: {
      counted: metrics.http,
      request: log.request,
      leftOut: (lines) => log.write('warn', 'lines_left_out', { lines }),
      fault: log.fault,
    },
    pages,
    onPages: watching.set,
  });
  const socket = await listenOnSocket({
    path: paths.managerSocket,
    router: appRouter,
    context: (connection) => context({ caller: { kind: 'socket' }, connection }),
    onFault: log.fault,
  });
  hub.publish({ type: 'manager_started', time: now(), pid: process.pid });
  for (const event of early) hub.publish(event);

  return {
    counts,
    operations: () => operations,
    redirectFile: () => writeRedirectFile(paths.run, web.port, access.createCode().code).file,
    close: async (reason) => {
      hub.publish({ type: 'manager_stopping', time: now(), reason });
      // Whoever is subscribed reads that first.
      await new Promise((resolve) => setImmediate(resolve));
      registry.close();
      await Promise.all([socket.close(lastAnswersMs), web.close()]);
      access.close();
      hub.flush();
      await history.close();
    },
  };
}
