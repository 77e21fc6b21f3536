import type { ForwardedOperation } from '@mcp-acp/api/ports/forward';
import { AcpError } from '@mcp-acp/shared/errors';
import type { InstanceId } from '@mcp-acp/shared/ids';
import type { Grant, PendingApproval } from '@mcp-acp/shared/live/approval';
import { instanceStatus } from '@mcp-acp/testing/play-instance';
import { expect, it } from 'vitest';
import { createEventHub } from '../src/events/event-hub.ts';
import { createReadModel } from '../src/read-model/read-model.ts';
import { countAnswerers } from '../src/registry/count-answerers.ts';
import { gatherApprovals } from '../src/registry/gather-approvals.ts';
import { createWatching } from '../src/registry/watching.ts';

const id = 'px_aaaaaaaaaaaaaaaa' as PendingApproval['proxy']['id'];
const instanceOf = (letter: string): InstanceId => `inst_${letter.repeat(16)}` as InstanceId;
const now = (): string => '2026-01-01T00:00:00.000Z';

const pending = (letter: string, minute: number, name = 'files'): PendingApproval => ({
  approval: `appr_${letter.repeat(16)}`,
  proxy: { id, name, instance: instanceOf(letter) },
  digest: '0'.repeat(64),
  subject: 'local:ann',
  from: 'client',
  method: 'tools/call',
  tool: 'write_file',
  operations: ['write'],
  sideEffects: [],
  destinations: [],
  destinationCount: 0,
  preview: '{}',
  argumentsLength: 2,
  askedAt: `2026-01-01T00:0${minute}:00.000Z`,
  state: 'held',
  limited: false,
  holdLeftMs: 1,
  openLeftMs: 1,
  attempts: 1,
  offers: [],
});

const grant = (letter: string): Grant => ({
  grant: `grnt_${letter.repeat(16)}`,
  proxy: { id, name: 'files', instance: instanceOf(letter) },
  effect: 'allow',
  scope: 'tool',
  method: 'tools/call',
  madeAt: now(),
  used: 0,
  channel: 'dashboard',
});

function scene(answer: (operation: ForwardedOperation) => unknown, letters: readonly string[]) {
  const model = createReadModel({
    configured: () => [],
    memory: { lastSessions: () => new Map(), lastEnd: () => undefined, keep: () => undefined },
    now,
  });
  for (const letter of letters) model.joined(instanceStatus('files', instanceOf(letter)));
  return gatherApprovals(model, async (operation) => answer(operation), 200);
}

it('[APPROVALS-GATHERED] asks all instances at once, and says which of them were not heard', async () => {
  let running = 0;
  let most = 0;
  const all = scene(
    async ({ instance }) => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve, 10));
      running--;
      switch (instance) {
        case instanceOf('b'):
          throw new AcpError('proxy_disconnected', 'It has gone.');
        case instanceOf('c'):
          return new Promise(() => undefined);
        case instanceOf('d'):
          return { pending: 'nonsense' };
        case instanceOf('e'):
          // What one says of another is not its to say.
          return { pending: [pending('a', 1), pending('e', 2), pending('e', 3, 'mail')], ended: [] };
        default:
          return { pending: [pending('a', 5), pending('a', 0)], ended: [] };
      }
    },
    ['a', 'b', 'c', 'd', 'e'],
  );
  const gathered = await all.pending();
  expect(most).toBe(5);
  expect(gathered.pending.map(({ proxy, askedAt }) => [proxy.instance, askedAt.slice(14, 16)])).toEqual([
    [instanceOf('a'), '00'],
    [instanceOf('e'), '02'],
    [instanceOf('a'), '05'],
  ]);
  const unheard = Object.fromEntries(gathered.unheard.map(({ instance, problem }) => [instance, problem]));
  expect(Object.keys(unheard).sort()).toEqual(['b', 'c', 'd'].map(instanceOf));
  expect(unheard[instanceOf('b')]).toBe('It has gone.');
  expect(unheard[instanceOf('c')]).toMatch(/did not answer within/);
});

it('[APPROVALS-GATHERED] gathers grants the same way', async () => {
  const all = scene(
    ({ path, instance }) => {
      expect(path).toBe('proxy.grants');
      return instance === instanceOf('a') ? [grant('a')] : [{ ...grant('b'), scope: 'everything' }];
    },
    ['a', 'b'],
  );
  const gathered = await all.grants();
  expect(gathered.grants).toEqual([grant('a')]);
  expect(gathered.unheard).toMatchObject([{ instance: instanceOf('b') }]);
});

it('[APPROVALS-WATCHED] readers who can answer count for the proxies they hear of, until they leave', async () => {
  const watching = createWatching();
  const hub = createEventHub({
    series: 'e1',
    log: { append: () => undefined, after: () => undefined, lastSource: () => undefined },
    now,
  });
  const events = countAnswerers(hub, watching);
  const stop = new AbortController();
  const told: Record<string, number[]> = { files: [], mail: [] };
  for (const [proxy, counts] of Object.entries(told)) {
    void (async () => {
      for await (const { dashboards, terminals } of watching.counts(proxy, stop.signal))
        counts.push(dashboards + terminals);
    })();
  }
  const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));
  const read = (filter: object, canAnswer: boolean): AbortController => {
    const leaving = new AbortController();
    void (async () => {
      for await (const _ of events.subscribe(filter, { lastEventId: undefined, canAnswer }, leaving.signal));
    })();
    return leaving;
  };
  await turn();
  const everywhere = read({}, true);
  await turn();
  const ofFiles = read({ proxy: 'files' }, true);
  await turn();
  // Neither of them is told of a question, or can answer one.
  const deaf = read({ types: ['incident'] }, true);
  const mute = read({}, false);
  await turn();
  watching.set(2);
  await turn();
  everywhere.abort();
  await turn();
  ofFiles.abort();
  await turn();
  expect(told).toEqual({ files: [0, 1, 2, 4, 3, 2], mail: [0, 1, 3, 2] });
  for (const reader of [deaf, mute, stop]) reader.abort();
  expect(watching.dashboards).toBe(2);
});
