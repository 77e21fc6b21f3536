import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { homePaths } from '@mcp-acp/config/home-paths';
import { expect, test } from 'vitest';
import { followEvents } from '../src/live/follow-events.ts';

test('[EVENTS-TAIL] a manager that takes no connection is asked now and then, and the proxies meanwhile', async () => {
  const home = mkdtempSync(join(tmpdir(), 'acp-follow-'));
  const paths = homePaths({ MCP_ACP_HOME: home });
  mkdirSync(paths.run, { mode: 0o700 });
  let connections = 0;
  const server = createServer((socket) => {
    connections++;
    socket.destroy();
  });
  const mask = process.umask(0o177);
  await new Promise<void>((resolve) => server.listen(paths.managerSocket, resolve));
  process.umask(mask);
  const stop = new AbortController();
  const sources: string[] = [];
  const followed = followEvents({
    paths,
    names: () => [],
    signal: stop.signal,
    onEvent: () => undefined,
    onSource: (source) => sources.push(source),
  });
  await expect.poll(() => connections, { timeout: 30_000 }).toBeGreaterThan(3);
  const before = connections;
  await sleep(1_000);
  // Without a pause there are thousands.
  expect(connections - before).toBeLessThan(20);
  stop.abort();
  await followed;
  expect(new Set(sources)).toEqual(new Set(['proxies']));
  await new Promise((resolve) => server.close(resolve));
  rmSync(home, { recursive: true, force: true });
});
