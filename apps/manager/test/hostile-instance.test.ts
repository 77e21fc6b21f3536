import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { InstanceStatus } from '@mcp-acp/shared/live/instance-status';
import type { LiveEvent } from '@mcp-acp/shared/live/live-event';
import { instanceStatus } from '@mcp-acp/testing/play-instance';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openInstanceLine } from '../src/registry/instance-line.ts';
import { readToldEvents, readToldStatus } from '../src/registry/read-told.ts';

const status = instanceStatus();
const { instance, name: proxy, proxyId: id } = status;
const origin = { id, name: proxy, instance };
const time = '2026-01-01T00:00:00.000Z';
const teller = { proxy, instance };
const registered = (more: object = {}) => ({
  type: 'proxy_registered',
  time,
  proxy: origin,
  pid: 1,
  ...more,
});
const shown = (told: ReturnType<typeof readToldEvents>): string[] =>
  told.map(([id, { type }]) => `${id} ${type}`);
const numbered = (events: readonly unknown[]) => events.map((event, at) => [`${instance}.${at + 1}`, event]);

const noEvents: readonly (readonly [string, unknown])[] = [
  ['nothing', null],
  ['another type', { type: 'sung', time, proxy: origin }],
  ['a time that is none', registered({ time: 'never' })],
  [
    'figures that are none',
    { type: 'statistics', time, proxy: origin, statistics: {}, inFlight: 1, pending: 0 },
  ],
  ['an event of another instance', registered({ proxy: { ...origin, instance: 'inst_bbbbbbbbbbbbbbbb' } })],
  ['an event of another proxy', registered({ proxy: { ...origin, name: 'other' } })],
  ['an event of the manager', { type: 'manager_started', time, pid: 1 }],
  ['an incident of nobody', { type: 'incident', time, code: 'internal', detail: 'x' }],
];

describe('what an instance tells', () => {
  it.each(noEvents)('[API-HOSTILE-ANSWERS] %s is told as a gap, and the rest as it is', (_name, event) => {
    const told = readToldEvents(teller, numbered([registered(), event, event, registered()]));
    expect(shown(told)).toEqual([
      `${instance}.1 proxy_registered`,
      `${instance}.3 resync`,
      `${instance}.4 proxy_registered`,
    ]);
  });

  it.each([
    ['nothing', null],
    ['a text', 'events'],
    ['items that are none', [null]],
    ['an id of another instance', [['inst_bbbbbbbbbbbbbbbb.1', registered()]]],
    ['an id without a number', [[`${instance}.x`, registered()]]],
    ['more than a batch holds', numbered(Array(1000).fill(registered()))],
  ])('[API-HOSTILE-ANSWERS] %s is no batch', (_name, batch) => {
    expect(() => readToldEvents(teller, batch)).toThrow(expect.objectContaining({ code: 'bad_frame' }));
  });

  it('[API-HOSTILE-ANSWERS] a status is its own or none', () => {
    expect(readToldStatus(teller, status)).toEqual(status);
    for (const told of [
      null,
      {},
      { ...status, pid: 'x' },
      instanceStatus('other'),
      instanceStatus(proxy, 'inst_b'),
    ]) {
      expect(readToldStatus(teller, told)).toBeUndefined();
    }
  });
});

describe('the line to an instance', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'acp-line-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** An instance that answers `proxy.events` with one line of a test's, each time it is asked. */
  const play = async (path: string, tell: (id: number) => string) => {
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('data', (chunk) => {
        for (const line of String(chunk)
          .split('\n')
          .filter((text) => text.startsWith('{'))) {
          const { id, params } = JSON.parse(line);
          if (params?.path !== 'proxy.events') continue;
          socket.write(`${JSON.stringify({ id, result: { type: 'started' } })}\n${tell(id)}\n`);
        }
      });
    });
    server.listen(path);
    await once(server, 'listening');
    return async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    };
  };

  const open = (socket: string) => {
    const events: LiveEvent[] = [];
    const statuses: InstanceStatus[] = [];
    const silent: string[] = [];
    const line = openInstanceLine({
      ...teller,
      socket,
      lastEventId: () => undefined,
      onStatus: (next) => statuses.push(next),
      onEvent: (event) => events.push(event),
      onSilent: ({ code }) => silent.push(code),
    });
    return { line, events, statuses, silent };
  };

  it.each([
    ['no message', () => 'null'],
    ['no result', (id: number) => `{"id":${id},"result":null}`],
    ['no batch', (id: number) => `{"id":${id},"result":{"type":"data","id":"a.1","data":{"data":null}}}`],
  ])('[API-HOSTILE-ANSWERS] that answers with %s is silent, and is tried again', async (_name, tell) => {
    const socket = join(folder, 'a.sock');
    let asked = 0;
    const end = await play(socket, (id) => {
      asked++;
      return tell(id);
    });
    const { line, silent, events } = open(socket);
    await expect.poll(() => asked, { timeout: 30_000 }).toBe(2);
    expect(silent[0]).toBe('bad_frame');
    expect(events).toEqual([]);
    line.close();
    await end();
  });

  it('[API-SOCKET-CHECKED] is not opened to what is no socket of the user’s', async () => {
    const { line, silent } = open(join(folder, 'none.sock'));
    await expect.poll(() => silent).toEqual(['proxy_disconnected']);
    line.close();
    const other = open(folder);
    await expect.poll(() => other.silent).toEqual(['config_invalid']);
    other.line.close();
  });
});
