import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { verifies } from '../requirements.ts';
import { plainServer, v2Server } from '../resources/fixtures.ts';
import { eventually } from '../resources/journal.ts';
import { statelessClient } from '../resources/stateless-client.ts';
import { approvalsIn, endsOf } from './resources/approvals.ts';
import { asksForWrites, patientHold } from './resources/policies.ts';
import { flow } from './resources/stage.ts';

const asksForAll =
  'version: 1\nrules:\n  - id: every-call\n    effect: ask\n    when: { mcp_method: "tools/call" }\n';

it(
  verifies(
    'DASH-WITHDRAWN',
    'a client of either era that cancels, and one that goes away, takes its question from every page, and nothing has run',
  ),
  flow(async (stage) => {
    const { home } = stage;
    const ran = join(home.base, 'ran.jsonl');
    home.addProxy('stateful', {
      backend: plainServer('--ran', ran),
      policy: asksForWrites,
      approvals: patientHold,
    });
    home.addProxy('stateless', { backend: v2Server, policy: asksForAll, approvals: patientHold });
    await stage.startManager();
    const pages = [(await stage.visit()).page, (await stage.visit()).page];
    const shows = async (count: number): Promise<void> => {
      for (const page of pages) {
        if (count > 0) await approvalsIn(page).review();
        await expect.poll(() => approvalsIn(page).cards().count()).toBe(count);
      }
    };

    const agent = await stage.agent('stateful');
    const call = agent.call('write_file', { path: 'cancelled', message: 'cancelled' });
    await shows(1);
    call.cancel();
    expect((await call.told).isError).toBe(true);
    await shows(0);

    await using raw = home.start('stateless');
    const client = statelessClient(raw, {});
    await client.request('server/discover');
    await client.send(7, 'tools/call', { name: 'echo', arguments: { message: 'cancelled' } });
    await shows(1);
    await raw.notify('notifications/cancelled', { requestId: 7, reason: 'not wanted any more' });
    await shows(0);
    await client.send(8, 'tools/call', { name: 'echo', arguments: { message: 'gone' } });
    await shows(1);
    await raw.end();
    await shows(0);

    for (const [proxy, count] of [
      ['stateful', 1],
      ['stateless', 2],
    ] as const) {
      await eventually('the ends', () => endsOf(home, proxy).length === count);
      expect(endsOf(home, proxy).map(({ event }) => event)).toEqual(Array(count).fill('withdrawn'));
    }
    expect(existsSync(ran) ? readFileSync(ran, 'utf8') : '').not.toContain('tools/call');
  }),
);
