import { randomBytes } from 'node:crypto';
import { lstatSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { doesAnswer } from '@mcp-acp/admin/manager-find';
import { acpErrorOf } from '@mcp-acp/api/client/errors';
import { homePaths } from '@mcp-acp/config/home-paths';
import { newInstanceId, newProxyId } from '@mcp-acp/shared/ids';
import { expect, it } from 'vitest';
import { createInstanceSockets } from '../src/live/instance-sockets.ts';
import { keepServed } from '../src/live/keep-served.ts';

const random = (length: number): Uint8Array => randomBytes(length);

/** A server of a socket as far as this needs one. */
async function listen(path: string) {
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(path, resolve));
  return { connections: 0, close: () => new Promise<void>((resolve) => server.close(() => resolve())) };
}

function serve() {
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'acp-served-')));
  const paths = homePaths({ MCP_ACP_HOME: home });
  const instance = newInstanceId(random);
  const sockets = createInstanceSockets({ paths, id: newProxyId(random), name: 'files', instance });
  const over = new AbortController();
  const told: string[] = [];
  mkdirSync(paths.auditDir('files'), { recursive: true });
  return {
    paths,
    sockets,
    told,
    start: () =>
      keepServed({
        sockets,
        listen,
        opened: () => told.push('opened'),
        problem: (error, what) => told.push(`${what}: ${acpErrorOf(error).code}`),
        lookMs: 20,
        signal: over.signal,
        guard: { tell: (error) => told.push(String(error)) },
      }),
    over,
    tidy: () => rmSync(home, { recursive: true, force: true }),
  };
}

async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const endMs = Date.now() + 30_000;
  while (!(await holds())) {
    if (Date.now() > endMs) throw new Error(`${what} never came`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

it('[LIVE-SOCKET] a socket that could not be opened at the start is opened once it can be', async () => {
  const { paths, sockets, told, start, over, tidy } = serve();
  mkdirSync(paths.home, { recursive: true });
  writeFileSync(paths.run, '');
  const served = start();
  await until('several attempts', () => told.length >= 3);
  expect(new Set(told)).toEqual(new Set(['socket: config_invalid']));
  rmSync(paths.run);
  await until('its opening', () => told.includes('opened'));
  await until('its name', () => doesAnswer(paths.proxySocket('files')));
  over.abort();
  await served.over;
  await served.close();
  expect(() => lstatSync(sockets.path)).toThrow();
  expect(() => lstatSync(paths.proxySocket('files'))).toThrow();
  tidy();
});

it.each([
  ['its file', (run: string, path: string) => rmSync(path, { force: true }) ?? run],
  ['the whole folder', (run: string) => rmSync(run, { recursive: true, force: true })],
])('[LIVE-SOCKET] a socket whose file is gone (%s) is opened again', async (_what, remove) => {
  const { paths, sockets, told, start, over, tidy } = serve();
  const served = start();
  for (let times = 1; times <= 3; times++) {
    await until('its opening', () => told.filter((word) => word === 'opened').length >= times);
    await until('its name', () => doesAnswer(paths.proxySocket('files')).catch(() => false));
    remove(paths.run, sockets.path);
  }
  await until('its opening again', () => doesAnswer(sockets.path).catch(() => false));
  over.abort();
  await served.over;
  await served.close();
  expect(() => lstatSync(sockets.path)).toThrow();
  tidy();
});
