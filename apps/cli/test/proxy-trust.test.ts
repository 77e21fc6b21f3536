import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openSocketClient } from '@mcp-acp/api/client/socket-client';
import type { AppRouter } from '@mcp-acp/api/router/app-router';
import { expect, test } from 'vitest';
import { liveScene } from './live-scene.ts';
import { openTerminal } from './terminal.ts';

const backend = fileURLToPath(new URL('./fixtures/backend.mjs', import.meta.url));

/** A home whose manager has made a proxy as a page asks for it; the backend says when it was started. */
async function preparedScene() {
  const scene = await liveScene();
  scene.json('manager', 'start', '--headless');
  const client = openSocketClient<AppRouter>({ path: scene.paths.managerSocket });
  const started = join(scene.dir, 'started');
  const server = join(scene.dir, 'server.mjs');
  writeFileSync(
    server,
    `import { writeFileSync } from 'node:fs';\nwriteFileSync(${JSON.stringify(started)}, '');\nawait import(${JSON.stringify(backend)});\n`,
  );
  const launch = await client.api.proxies.create.mutate({
    name: 'files',
    backend: { transport: 'stdio', commandLine: `${process.execPath} ${server}` },
    template: 'read-only',
  });
  return {
    ...scene,
    api: client.api,
    launch,
    hasStarted: () => existsSync(started),
    [Symbol.asyncDispose]: async () => {
      client.close();
      await scene[Symbol.asyncDispose]();
    },
  };
}

test('[LAUNCH-UNCONFIRMED] what the dashboard prepared starts nothing until a person has typed its name in a terminal', async () => {
  await using scene = await preparedScene();
  expect(scene.launch).toMatchObject({ confirmed: false, confirm: 'mcp-acp proxy trust files' });

  const listed = scene.run('debug', 'list', '--proxy', 'files');
  expect(listed.stderr).toContain('mcp-acp proxy trust files');
  expect(scene.json('debug', 'list', '--proxy', 'files')).toMatchObject({
    error: { code: 'launch_unconfirmed' },
  });
  expect(scene.json('debug', 'list', '--proxy', 'files', '--direct')).toMatchObject({
    error: { code: 'launch_unconfirmed' },
  });
  const { data } = (await scene.api.proxies.check
    .mutate({ proxy: 'files' })
    .catch((error: { readonly data: { readonly words: { readonly code: string } } }) => error)) as never;
  expect(JSON.stringify(data)).toContain('launch_unconfirmed');
  expect(scene.run('start', '--proxy', 'files', '--headless').status).toBe(16);
  expect(scene.json('proxy', 'list').proxies).toMatchObject([{ name: 'files', launch: 'unconfirmed' }]);
  expect(scene.run('proxy', 'list').stdout).toMatch(/files +unconfirmed/);
  expect(scene.run('proxy', 'show', 'files').stdout).toContain(
    'waits to be confirmed: mcp-acp proxy trust files',
  );

  for (const args of [[], ['--json']])
    expect(scene.run('proxy', 'trust', 'files', ...args).status, args.join()).toBe(16);
  expect(scene.run('proxy', 'trust', 'files', '--yes').status).toBe(2);
  expect(scene.hasStarted()).toBe(false);

  await using no = openTerminal(scene.env, ['proxy', 'trust', 'files']);
  await no.shows('Type files to let it be started');
  expect(no.output()).toContain(process.execPath);
  no.type('yes\r');
  expect(await no.ended()).toBe(1);
  expect(scene.json('proxy', 'show', 'files').launch).toBe('unconfirmed');

  await using yes = openTerminal(scene.env, ['proxy', 'trust', 'files']);
  await yes.shows('Type files to let it be started');
  yes.type('files\r');
  expect(await yes.ended()).toBe(0);
  expect(scene.json('proxy', 'trust', 'files')).toEqual({ proxy: 'files', confirmed: true, already: true });
  expect(await scene.api.proxies.check.mutate({ proxy: 'files' })).toMatchObject({
    ok: true,
    tools: expect.arrayContaining([expect.objectContaining({ name: 'read_file' })]),
  });
  expect(scene.hasStarted()).toBe(true);
  expect(await scene.api.proxies.launch.query({ proxy: 'files' })).toMatchObject({ confirmed: true });
});

test('[LAUNCH-UNCONFIRMED] what was changed since, or while it was looked at, is not what was confirmed', async () => {
  await using scene = await preparedScene();
  const file = scene.paths.proxyConfig('files');
  const change = (word: string): void => {
    const config = JSON.parse(readFileSync(file, 'utf8'));
    config.backend.args = [...config.backend.args, word];
    writeFileSync(file, JSON.stringify(config));
  };
  change('-c');
  await using terminal = openTerminal(scene.env, ['proxy', 'trust', 'files']);
  await terminal.shows('Type files to let it be started');
  expect(terminal.output()).toContain('config.json was changed since');
  change('--later');
  terminal.type('files\r');
  expect(await terminal.ended()).not.toBe(0);
  expect(terminal.output()).toContain('was changed while it was being confirmed');
  expect(scene.json('proxy', 'show', 'files').launch).toBe('unconfirmed');
  expect(scene.hasStarted()).toBe(false);
});
