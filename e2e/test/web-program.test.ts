import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { verifies } from '../requirements.ts';
import { runCommand } from '../resources/command-line.ts';
import { plainServer } from '../resources/fixtures.ts';
import { startManager } from '../resources/manager.ts';
import { unlockPage } from '../resources/page.ts';
import { treeOf } from '../resources/process-table.ts';
import { TempHome } from '../resources/temp-home.ts';

const patience = { timeout: 30_000 };

const answerOf = async (
  url: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<readonly [number, string]> => {
  const response = await fetch(url, { headers });
  return [response.status, await response.text()];
};

const filesUnder = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

it(
  verifies(
    ['METRICS-COUNTED', 'WEB-METRICS-TOKEN'],
    'a token made at the command line reads metrics that say what the calls of a proxy were',
  ),
  async () => {
    await using home = new TempHome();
    home.addProxy('files', { backend: plainServer() });
    await using manager = await startManager(home);
    const url = `http://127.0.0.1:${manager.port}/metrics`;
    expect((await answerOf(url))[0]).toBe(401);
    const made = await runCommand(home, ['manager', 'token', 'create', '--scope', 'metrics', '--json']);
    expect(made.code, made.stderr).toBe(0);
    const { token } = JSON.parse(made.stdout);
    const metrics = async (): Promise<string> =>
      (await answerOf(url, { Authorization: `Bearer ${token}` }))[1];

    await using client = home.start('files');
    await client.initialize();
    // From here on the manager hears of what happens as it happens.
    await expect.poll(metrics, patience).toContain('mcp_acp_events_total{type="client_identified"} 1');
    for (let call = 0; call < 7; call++) await client.call('read_file', { path: 'a' });
    await expect
      .poll(metrics, patience)
      .toContain('mcp_acp_tool_calls_total{proxy="files",tool="read_file",status="ok"} 7');
    await expect.poll(metrics, patience).toContain('mcp_acp_call_duration_seconds_count{proxy="files"} 7');
    const text = await metrics();
    expect(text).toContain('mcp_acp_decisions_total{proxy="files",effect="allow",disposition="forwarded"} 7');
    expect(text).toMatch(/mcp_acp_journal_append_seconds_count\{proxy="files"\} [1-9]/);
    expect(text).toMatch(/mcp_acp_journal_sync_seconds_count\{proxy="files"\} [1-9]/);
    expect(text).toContain('mcp_acp_instances{proxy="files"} 1');
    expect(text).toContain('mcp_acp_http_requests_total{route="metrics",method="GET",status="200"}');
  },
);

it(
  verifies(
    ['WEB-NO-SECRETS', 'WEB-SECRETS-HASHED'],
    'T-WEB-8 code, cookie and tokens are in no file of the installation, no command line and no environment',
  ),
  async () => {
    await using home = new TempHome();
    home.addProxy('files', { backend: plainServer() });
    await using manager = await startManager(home);
    const { token } = await manager.client.api.access.createToken.mutate({ scope: 'metrics' });
    const { code } = await manager.client.api.access.createCode.mutate();
    const secrets = { code, token, page: '', cookie: '' };
    const origin = `http://127.0.0.1:${manager.port}`;
    const unlocked = await fetch(`${origin}/trpc/access.unlock`, {
      method: 'POST',
      headers: { Origin: origin, 'Content-Type': 'application/json' },
      body: JSON.stringify({ code }),
    });
    secrets.page = /"token":"([\w-]+)"/.exec(await unlocked.text())?.[1] ?? '';
    secrets.cookie = /=([\w-]{43});/.exec(unlocked.headers.get('set-cookie') ?? '')?.[1] ?? '';
    await using client = home.start('files');
    await client.initialize();
    await client.call('read_file');
    await fetch(`${origin}/?code=${code}`, { headers: { Authorization: `Bearer ${token}` } });
    const page = await unlockPage(manager.client, manager.port);
    await page.api.proxies.list.query();
    page.close();

    const processes = [...treeOf(manager.pid), ...treeOf(client.pid)];
    const seen = new Map(filesUnder(home.home).map((file) => [file, readFileSync(file, 'latin1')]));
    for (const pid of process.platform === 'linux' ? processes : []) {
      for (const name of ['cmdline', 'environ']) {
        seen.set(`${pid} ${name}`, readFileSync(`/proc/${pid}/${name}`, 'latin1'));
      }
    }
    expect(seen.size).toBeGreaterThan(5);
    for (const [name, secret] of Object.entries(secrets)) {
      expect(secret, name).toMatch(/^[\w-]{22,}$/);
      const places = [...seen].filter(([, text]) => text.includes(secret)).map(([place]) => place);
      expect(places, name).toEqual([]);
    }
    expect(statSync(join(home.paths.db, 'access.json')).mode & 0o777).toBe(0o600);
  },
);

it(
  verifies('WEB-LOCKED', 'the probes answer, in a word each to who is locked, in full to an unlocked page'),
  async () => {
    await using home = new TempHome();
    home.addProxy('files', { backend: plainServer() });
    await using manager = await startManager(home);
    const origin = `http://127.0.0.1:${manager.port}`;
    expect(await answerOf(`${origin}/healthz`)).toEqual([200, 'ok\n']);
    await expect.poll(async () => (await answerOf(`${origin}/readyz`))[0], patience).toBe(200);
    expect(JSON.parse((await answerOf(`${origin}/readyz`))[1])).toEqual({
      ready: true,
      checks: { config: 'ok', database: 'ok', sockets: 'ok', journals: 'ok' },
    });
    const [status, html] = await answerOf(`${origin}/`);
    expect([status, html.includes('<title>mcp-acp</title>'), html.includes('files')]).toEqual([
      200,
      true,
      false,
    ]);
  },
);

it(
  verifies(
    ['WEB-SESSION-LASTS', 'WEB-CODE-ONCE'],
    'a session outlives a manager that is killed, a code does not',
  ),
  async () => {
    await using home = new TempHome();
    const first = await startManager(home);
    const page = await unlockPage(first.client, first.port);
    expect(await page.api.access.sessions.query()).toHaveLength(1);
    const { code } = await first.client.api.access.createCode.mutate();
    await first.kill();
    await using second = await startManager(home, first.port);
    expect(await page.api.access.sessions.query()).toHaveLength(1);
    await expect(unlockPage(second.client, second.port, code)).rejects.toThrow(/code is wrong/);
    page.close();
  },
);
