import { appRouter } from '@mcp-acp/api/router/app-router';
import { expect, it } from 'vitest';
import { verifies } from '../requirements.ts';
import { runCommand } from '../resources/command-line.ts';
import { plainServer } from '../resources/fixtures.ts';
import { eventually, records } from '../resources/journal.ts';
import { startManager } from '../resources/manager.ts';
import { TempHome } from '../resources/temp-home.ts';

const canary = (place: string): string => `canary-${place}-7f3a9d`;
const places = ['env', 'arg', 'option', 'pair', 'header', 'query'] as const;

/** What each query is asked for; a query that is not here fails the test. */
const inputs = (of: { instance: string; seq: number }): Readonly<Record<string, readonly unknown[]>> => ({
  // A page asks for a proof of its own, which is made of no configuration.
  'access.prove': [],
  'access.state': [undefined],
  'access.sessions': [undefined],
  'access.tokens': [undefined],
  'approvals.grants': [undefined],
  'approvals.pending': [undefined],
  'audit.verify': [{ proxy: 'files' }],
  'configs.show': [{}, { proxy: 'files' }, { proxy: 'web' }],
  'history.record': [{ proxy: 'files', ...of }],
  'history.records': [{ limit: 200 }],
  'history.incidents': [{ limit: 50 }],
  'history.lastApproved': [{ proxy: 'files', tool: 'read_file' }],
  'history.ruleHits': [{ proxy: 'files', since: 0 }],
  'history.series': [{ since: Date.now() - 3_600_000, until: Date.now() + 60_000, bucketMinutes: 1 }],
  'history.state': [undefined],
  'manager.metrics': [undefined],
  'manager.status': [undefined],
  'manager.storage': [undefined],
  'policies.read': [{ proxy: 'files' }],
  'policies.schema': [undefined],
  'policies.version': [{ proxy: 'files', number: 1 }],
  'policies.versions': [{ proxy: 'files' }],
  'proxies.get': [{ proxy: 'files' }, { proxy: 'web' }],
  'proxies.launch': [{ proxy: 'files' }, { proxy: 'web' }],
  'proxies.list': [undefined],
  'proxies.snippet': [{}, { proxy: 'files' }],
  'proxies.templates': [undefined],
  'proxies.totals': [undefined],
  // One card is asked for by name, and there is none.
  'proxy.approval': [],
  'proxy.approvalArguments': [],
  'proxy.approvals': [{ proxy: 'files' }],
  'proxy.config': [{ proxy: 'files' }],
  'proxy.grants': [{ proxy: 'files' }],
  'proxy.status': [{ proxy: 'files' }],
});

it(
  verifies('WEB-NO-CONFIG-SECRETS', 'no query of the manager tells a secret that stands in a configuration'),
  async () => {
    await using home = new TempHome();
    home.addProxy('files', {
      backend: [
        ...plainServer(),
        '--api-key',
        canary('option'),
        `--token=${canary('arg')}`,
        `DB_PASSWORD=${canary('pair')}`,
      ],
      env: { API_KEY: canary('env') },
    });
    home.addProxy('web', {
      backend: {
        transport: 'http',
        url: `http://127.0.0.1:9/mcp?api_key=${canary('query')}`,
        headers: { 'X-Team': canary('header') },
      },
    });
    await using manager = await startManager(home);
    await using client = home.start('files');
    await client.initialize();
    await client.call('read_file', { path: 'a' });
    await eventually(
      'the instance',
      async () => (await manager.client.api.proxies.totals.query()).instances === 1,
    );
    await runCommand(home, ['policy', 'add', '--proxy', 'files', '--effect', 'deny', '--tool', 'x']);
    const found = await eventually('the record', async () => {
      const page = await manager.client.api.history.records.query({
        type: 'decision',
        proxy: 'files',
        limit: 1,
      });
      return page.records[0];
    });

    const asked = inputs({ instance: found.instance, seq: found.seq });
    const procedures = appRouter._def.procedures as unknown as Readonly<
      Record<string, { readonly _def: { readonly type: string } }>
    >;
    const queries = Object.keys(procedures).filter((path) => procedures[path]?._def.type === 'query');
    expect(queries.toSorted()).toEqual(Object.keys(asked).toSorted());
    const told: string[] = [];
    for (const path of queries) {
      const [branch = '', name = ''] = path.split('.');
      const api = manager.client.api as unknown as Record<
        string,
        Record<string, { query(input: unknown): Promise<unknown> }>
      >;
      for (const input of asked[path] ?? []) {
        const answer = JSON.stringify(await api[branch]?.[name]?.query(input));
        expect(answer, path).not.toBe('');
        for (const place of places) if (answer.includes(canary(place))) told.push(`${path}: ${place}`);
      }
    }
    expect(told).toEqual([]);
    const settings = await manager.client.api.configs.show.query({ proxy: 'files' });
    expect(JSON.stringify(settings)).toContain('[redacted]');
    expect(records(home, 'files').length).toBeGreaterThan(0);
    await client.end();
  },
);
