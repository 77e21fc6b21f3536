import { readFileSync } from 'node:fs';
import type { SocketClient } from '@mcp-acp/api/client/socket-client';
import type { AppRouter } from '@mcp-acp/api/router/app-router';
import { type LiveEventType, liveEventTypeSchema } from '@mcp-acp/shared/live/live-event';
import { expect, it } from 'vitest';
import { verifies } from '../requirements.ts';
import { everythingServer } from '../resources/fixtures.ts';
import { startManager } from '../resources/manager.ts';
import { unlockPage } from '../resources/page.ts';
import { allowAll, TempHome } from '../resources/temp-home.ts';

/** Notes the types of all events that come, over restarts of the manager too. */
function noteTypes(seen: Set<LiveEventType>, { api }: SocketClient<AppRouter>, lastEventId?: string): void {
  api.events.live.subscribe(
    { ...(lastEventId === undefined ? {} : { lastEventId }) },
    {
      onData: ({ data }) => {
        for (const [, { type }] of data) seen.add(type);
      },
    },
  );
}

it(verifies('EVENT-TYPES', 'every declared type of event is sent by a flow'), async () => {
  await using home = new TempHome();
  const asking =
    '  - id: sums\n    effect: ask\n    when: { tool_name: get-sum }\n    grant: { ttl: 1m, scope: exact }\n';
  home.addProxy('everything', { backend: everythingServer, policy: `${allowAll}${asking}` });
  const seen = new Set<LiveEventType>();
  const has = (...types: readonly LiveEventType[]) =>
    expect.poll(() => types.filter((type) => !seen.has(type)), { timeout: 30_000 }).toEqual([]);

  await using manager = await startManager(home);
  // An id nobody gave: what was before is not known to be whole.
  noteTypes(seen, manager.client, 'e0.1');
  await has('resync');

  await using client = home.start('everything');
  await client.initialize();
  await has('proxy_registered', 'client_identified');
  await client.request('tools/list');
  await client.request('tools/call', { name: 'echo', arguments: { message: 'hello' } });
  await has('tools_changed', 'call_decided', 'call_finished', 'statistics');

  // Nobody looks on, so the call is refused at once and its question stays.
  const sum = { name: 'get-sum', arguments: { a: 1, b: 2 } };
  await client.request('tools/call', sum);
  await has('approval_asked', 'approval_open');
  const [asked] = (await manager.client.api.approvals.pending.query()).pending;
  await manager.client.api.proxy.answer.mutate({
    proxy: 'everything',
    approval: asked?.approval ?? '',
    digest: asked?.digest ?? '',
    answer: 'approve',
    reach: { scope: 'exact' },
  });
  await has('approval_ended', 'grants_changed');

  home.write(
    home.paths.policy('everything'),
    `${allowAll}  - id: more\n    effect: deny\n    when: { tool_name: nothing }\n`,
  );
  await has('policy_reloaded');
  const file = home.paths.proxyConfig('everything');
  const config = JSON.parse(readFileSync(file, 'utf8')) as object;
  home.write(file, JSON.stringify({ ...config, enabled: false }));
  await has('config_reloaded');

  const { code } = await manager.client.api.access.createCode.mutate();
  const page = await unlockPage(manager.client, manager.port);
  await page.api.access.lock.mutate();
  await has('sessions_changed');
  page.close();
  // The second use of a code is worth a person's attention.
  const twice = async () => {
    const other = await unlockPage(manager.client, manager.port, code);
    other.close();
  };
  await twice();
  await expect(twice()).rejects.toThrow();
  await has('incident');

  await client.end();
  await has('proxy_disconnected', 'backend_state');
  await manager.client.api.manager.stop.mutate();
  await has('manager_stopping');

  await using next = await startManager(home);
  noteTypes(seen, next.client);
  const ids: string[] = [];
  next.client.api.events.live.subscribe({ lastEventId: 'e0.1' }, { onData: ({ id }) => ids.push(id) });
  await expect.poll(() => ids.length, { timeout: 30_000 }).toBeGreaterThan(0);
  // From before its own start on, as a page that comes back has it.
  noteTypes(seen, next.client, `${ids[0]?.split('.')[0]}.0`);
  await has('manager_started', 'history_state');
  expect([...seen].sort()).toEqual([...liveEventTypeSchema.options].sort());
}, 120_000);
