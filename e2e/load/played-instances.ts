import { openSocketClient } from '@mcp-acp/api/client/socket-client';
import { createEventRing } from '@mcp-acp/api/events/event-ring';
import { protocolVersions } from '@mcp-acp/api/protocol-version';
import type { AppRouter } from '@mcp-acp/api/router/app-router';
import { proxyRouter } from '@mcp-acp/api/router/proxy-router';
import { listenOnSocket } from '@mcp-acp/api/server/listen-on-socket';
import { homePaths } from '@mcp-acp/config/home-paths';
import type { InstanceId, ProxyId } from '@mcp-acp/shared/ids';
import type { LiveEvent } from '@mcp-acp/shared/live/live-event';
import { instanceStatus, playInstance } from '@mcp-acp/testing/play-instance';

/**
 * Instances of many proxies in one process, each with its own socket and its own membership, as a proxy has them; what
 * they tell is made up at a steady pace. A hundred processes with servers behind them would measure this machine instead.
 * Started with: how many, and how many events a second all of them tell.
 */
const [instances, eventsPerSecond] = process.argv.slice(2).map(Number) as [number, number];
const paths = homePaths(process.env);
const paceMs = 20;
const now = (): string => new Date().toISOString();
const letters = 'abcdefghijklmnopqrstuvwxyz';
const suffix = (place: number): string =>
  `${letters.charAt(Math.floor(place / 26))}${letters.charAt(place % 26)}${'a'.repeat(14)}`;

interface Played {
  tell(seq: number): void;
}

async function play(place: number): Promise<Played> {
  const name = `proxy-${place}`;
  const instance = `inst_${suffix(place)}` as InstanceId;
  const id = `px_${suffix(place)}` as ProxyId;
  const status = { ...instanceStatus(name, instance), proxyId: id, pid: process.pid };
  const ring = createEventRing<LiveEvent>({ series: instance, most: 2_048, now });
  const proxy = { id, name, instance };
  const socket = paths.proxySocket(name, instance);
  await listenOnSocket({
    path: socket,
    router: proxyRouter,
    context: (connection) => ({
      caller: { kind: 'socket' },
      connection,
      live: {
        at: 'here',
        instance: {
          ...playInstance(status),
          reload: async () => ({ instance, policy: 'unchanged', config: 'unchanged' }),
          events: ({ lastEventId }, signal) => ring.read(lastEventId, signal, (event) => event),
        },
      },
    }),
  });
  const client = openSocketClient<AppRouter>({ path: paths.managerSocket });
  await new Promise<void>((resolve, reject) => {
    client.api.registry.join.subscribe(
      { protocol: protocolVersions, socket, status },
      { onData: () => resolve(), onError: reject },
    );
  });
  return {
    tell: (seq) =>
      ring.push({
        type: 'call_decided',
        time: now(),
        proxy,
        seq,
        from: 'client',
        method: 'tools/call',
        tool: 'read_text_file',
        effect: 'allow',
        disposition: 'forwarded',
      }),
  };
}

const all: Played[] = [];
for (let place = 0; place < instances; place++) all.push(await play(place));
process.send?.({ kind: 'joined' });

let told = 0;
let startedMs = 0;
let timer: NodeJS.Timeout | undefined;

const tellDue = (): void => {
  const due = Math.floor(((performance.now() - startedMs) / 1_000) * eventsPerSecond);
  for (; told < due; told++) all[told % all.length]?.tell(Math.floor(told / all.length) + 1);
};

process.on('message', (word) => {
  if (word === 'begin') {
    startedMs = performance.now();
    timer = setInterval(tellDue, paceMs);
  } else if (word === 'end') {
    clearInterval(timer);
    process.send?.({ kind: 'told', events: told });
  }
});
process.on('disconnect', () => process.exit(0));
