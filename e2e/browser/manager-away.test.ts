import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { verifies } from '../requirements.ts';
import { says } from '../resources/dashboard.ts';
import { filesystemServer, plainServer } from '../resources/fixtures.ts';
import { approvalsIn, endsOf, onCard } from './resources/approvals.ts';
import { asksForWrites, patientHold } from './resources/policies.ts';
import { flow } from './resources/stage.ts';

it(
  verifies(
    'DASH-MANAGER-AWAY',
    'while the manager is away the terminal answers; when it is back, so is the page, with the question that is still open',
  ),
  flow(async (stage) => {
    const { home } = stage;
    home.addProxy('files', {
      backend: filesystemServer(home.project),
      policy: asksForWrites,
      approvals: patientHold,
    });
    const manager = await stage.startManager();
    const visit = await stage.visit();
    visit.expects(/WebSocket connection to|ERR_CONNECTION_REFUSED|Failed to fetch|Failed to load resource/);
    const { page } = visit;
    const approvals = approvalsIn(page);
    const agent = await stage.agent('files');
    const [first, second] = [join(home.project, 'first.md'), join(home.project, 'second.md')];
    const asked = agent.call('write_file', { path: first, content: 'first' });
    await approvals.review();
    const held = await approvals.cards().first().getAttribute('data-approval');
    await manager.kill();
    await says(page, 'Connection lost');

    // Nobody looks on, so another call is told at once to try again; the terminal reaches its question at the proxy.
    const write = { path: second, content: 'second' };
    expect((await agent.ask('write_file', write)).isError).toBe(true);
    expect(asked.isOver()).toBe(false);
    const listed = stage.terminal(['approvals', 'list']);
    await listed.ended();
    const ids = [...listed.shown().matchAll(/appr_[a-z2-7]{16}/g)].map(([id]) => id);
    expect(new Set(ids).size, listed.shown()).toBe(2);
    const terminal = stage.terminal(['approvals', 'approve', ids.find((id) => id !== held) ?? '']);
    await terminal.shows('second.md');
    await terminal.shows(/Type yes/);
    terminal.type('yes\r');
    expect(await terminal.ended(), terminal.shown()).toBe(0);
    expect(existsSync(second)).toBe(false);
    expect(await agent.ask('write_file', write)).toMatchObject({ isError: false });
    expect(readFileSync(second, 'utf8')).toBe('second');

    await stage.startManager();
    await says(page, 'Connected');
    await expect.poll(() => approvals.cards().count()).toBe(1);
    expect(await approvals.cards().first().getAttribute('data-approval')).toBe(held);
    expect(existsSync(first)).toBe(false);
    await onCard(approvals.card('write_file')).approveOnce();
    expect(await asked.told).toMatchObject({ isError: false });
    expect(readFileSync(first, 'utf8')).toBe('first');
    expect(endsOf(home, 'files').map(({ event, channel }) => `${event} ${channel}`)).toEqual([
      'approved cli',
      'approved dashboard',
    ]);
  }),
);

it(
  verifies(
    'DASH-UNSEEN-SESSION',
    'a session that was over before the manager could see it has been there all the same',
  ),
  flow(async (stage) => {
    const { home } = stage;
    home.addProxy('files', { backend: plainServer() });
    home.addProxy('unused', { backend: plainServer() });
    await using client = home.start('files');
    await client.initialize();
    await client.call('while-away');
    await client.end();
    await stage.startManager();
    const { page } = await stage.visit();
    const card = (name: string) => page.getByRole('article', { name, exact: true });
    await card('unused').getByText('Never started').waitFor();
    await card('files').getByText('Disconnected').waitFor();
    await card('files')
      .getByText(/Restart the client .* to reconnect\./)
      .waitFor();
    expect(await card('files').innerText()).not.toContain('0 requests');
  }),
);
