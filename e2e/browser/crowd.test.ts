import { join } from 'node:path';
import { expect, it } from 'vitest';
import { verifies } from '../requirements.ts';
import { plainServer } from '../resources/fixtures.ts';
import { eventually } from '../resources/journal.ts';
import { approvalsIn, endsOf, onCard } from './resources/approvals.ts';
import { asksForWrites, patientHold } from './resources/policies.ts';
import { flow } from './resources/stage.ts';

const waiting = 1_000;

it(
  verifies(
    'DASH-CROWD',
    'with a thousand calls waiting one is found, read and approved, and the rest is denied together',
  ),
  flow(async (stage) => {
    const { home } = stage;
    const ran = join(home.base, 'ran.jsonl');
    home.addProxy('files', {
      backend: plainServer('--ran', ran),
      policy: asksForWrites,
      approvals: patientHold,
      durability: 'flush',
    });
    await stage.startManager();
    const { page } = await stage.visit();
    const approvals = approvalsIn(page);
    await using client = home.start('files');
    await client.initialize();
    for (let index = 0; index < waiting; index++) {
      const name = index % 2 === 0 ? 'write_file' : 'delete_file';
      const params = { name, arguments: { path: `/srv/data/${index}.txt`, message: `call ${index}` } };
      await client.sendLine(JSON.stringify({ jsonrpc: '2.0', id: index, method: 'tools/call', params }));
    }
    await expect.poll(() => page.title()).toBe(`(${waiting}) mcp-acp`);
    await approvals.review();
    await approvals.cards().first().waitFor();
    // Grouped: nobody looks through a thousand cards, and no browser has to draw them.
    expect(await approvals.cards().count()).toBeLessThan(200);
    const first = approvals.cards().first();
    const approval = (await first.getAttribute('data-approval')) ?? '';
    await onCard(first).approveOnce();
    await eventually('the call that was approved', () =>
      client.messages.some(({ result }) => result && !result.isError && result.content),
    );
    expect(endsOf(home, 'files', approval)).toMatchObject([{ event: 'approved' }]);
    await expect.poll(() => page.title()).toBe(`(${waiting - 1}) mcp-acp`);

    await approvals.denyAll(`${waiting - 1} calls`);
    await expect.poll(() => page.title()).toBe('mcp-acp');
    const denied = endsOf(home, 'files').filter(({ event }) => event === 'denied');
    expect(denied).toHaveLength(waiting - 1);
  }),
);
