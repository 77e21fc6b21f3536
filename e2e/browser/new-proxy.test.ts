import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { verifies } from '../requirements.ts';
import { runCommand } from '../resources/command-line.ts';
import { says } from '../resources/dashboard.ts';
import { filesystemServer, plainServer } from '../resources/fixtures.ts';
import { v1Agent } from '../resources/v1-agent.ts';
import { approvalsIn, onCard } from './resources/approvals.ts';
import { confirmInTerminal, prepare, wizard } from './resources/new-proxy.ts';
import { flow } from './resources/stage.ts';

it(
  verifies(
    'DASH-FIRST-CALL',
    'empty home, wizard, confirmation in a terminal, tools found, entry for the client, question, answer, file written',
  ),
  flow(async (stage) => {
    const { home } = stage;
    await stage.startManager();
    const { page } = await stage.lockedVisit();
    await page.goto(`http://127.0.0.1:${stage.manager.port}/`);
    await page.getByRole('heading', { name: 'The dashboard is locked' }).waitFor();
    const opened = await runCommand(home, ['manager', 'open', '--no-browser', '--json']);
    await page.goto(`file://${JSON.parse(opened.stdout).file}`);
    await says(page, 'Connected');

    await page.getByRole('button', { name: 'Add proxy' }).first().click();
    await prepare(page, 'files', filesystemServer(home.project), /ask-writes/i);
    const dialog = wizard(page);
    await dialog.getByText('mcp-acp proxy trust files').first().waitFor();
    await confirmInTerminal(stage, 'files', home.project);
    await dialog.getByText('write_file').first().waitFor();
    await dialog.getByRole('button', { name: 'Next' }).click();
    await dialog
      .getByText(/restart/i)
      .first()
      .waitFor();
    await dialog.getByRole('button', { name: 'Copy the snippet' }).click();
    const copied = await page.evaluate('navigator.clipboard.readText()');
    await dialog.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('article', { name: 'files', exact: true }).waitFor();

    const entry = JSON.parse(String(copied)).mcpServers.files;
    await using client = await v1Agent([entry.command, ...entry.args], { ...home.env, ...entry.env });
    const target = join(home.project, 'hello.md');
    const call = client.client.callTool({
      name: 'write_file',
      arguments: { path: target, content: 'Hello.' },
    });
    const approvals = approvalsIn(page);
    await approvals.review();
    expect(existsSync(target)).toBe(false);
    await onCard(approvals.card('write_file')).approveOnce();
    expect((await call).isError ?? false).toBe(false);
    expect(readFileSync(target, 'utf8')).toBe('Hello.');
  }),
);

it(
  verifies(
    'DASH-WIZARD',
    'what a page prepares starts nothing: not by preparing, not by a client that starts the proxy, until it is confirmed in a terminal',
  ),
  flow(async (stage) => {
    const { home } = stage;
    await stage.startManager();
    const { page } = await stage.visit();
    const marker = join(home.base, 'it ran.pid');
    await page.getByRole('button', { name: 'Add proxy' }).first().click();
    await prepare(page, 'prepared', plainServer('--pid', marker), /allow-all/i);
    await wizard(page).getByText('mcp-acp proxy trust prepared').first().waitFor();

    await using client = home.start('prepared');
    const refused = await client.request('initialize', {
      protocolVersion: '2025-11-25',
      capabilities: {},
      clientInfo: { name: 'hasty', version: '1' },
    });
    expect(JSON.stringify(refused.error)).toContain('proxy trust prepared');
    const check = await stage.manager.client.api.proxies.check
      .mutate({ proxy: 'prepared' })
      .catch((error: unknown) => ({
        ok: false,
        problem: String(error),
      }));
    expect(check.ok).toBe(false);
    const untyped = await runCommand(home, ['proxy', 'trust', 'prepared', '--yes']);
    expect(untyped.code).not.toBe(0);
    const doubtful = stage.terminal(['proxy', 'trust', 'prepared']);
    await doubtful.shows(marker);
    await doubtful.shows('Type prepared');
    doubtful.type('yes\r');
    expect(await doubtful.ended()).not.toBe(0);
    expect(existsSync(marker)).toBe(false);

    await confirmInTerminal(stage, 'prepared', marker);
    await wizard(page).getByText('delete_file').first().waitFor();
    expect(existsSync(marker)).toBe(true);
  }),
);

it(
  verifies(
    'DASH-WIZARD',
    'a server that cannot be started fails its check, which says how to change what is started and can be gone past; no client is said to have connected',
  ),
  flow(async (stage) => {
    await stage.startManager();
    const { page } = await stage.visit();
    await page.getByRole('button', { name: 'Add proxy' }).first().click();
    const program = join(stage.home.base, 'no such program');
    await prepare(page, 'typo', [program], /allow-all/i);
    await wizard(page).getByText('mcp-acp proxy trust typo').first().waitFor();
    await confirmInTerminal(stage, 'typo', program);
    const dialog = wizard(page);
    const step = dialog.getByRole('listitem').filter({ hasText: 'Check failed' });
    await step.waitFor();
    await dialog.getByText('mcp-acp config edit --proxy typo').waitFor();
    await dialog.getByText('mcp-acp proxy remove typo').waitFor();
    await dialog.getByRole('button', { name: 'Check again' }).click();
    await dialog.getByRole('button', { name: 'Continue anyway' }).click();
    await dialog.getByRole('button', { name: 'Copy the snippet' }).waitFor();
    await step.waitFor();
    await dialog.getByRole('button', { name: 'Done' }).click();
    const card = page.getByRole('article', { name: 'typo', exact: true });
    await card.getByText(/was not found\.( |$)/).waitFor();
    expect(await page.locator('[data-toast]').allInnerTexts()).not.toContain('typo is connected.');
  }),
);
