import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Storage } from '@mcp-acp/api/ports/manager-process';
import type { HomePaths } from '@mcp-acp/config/home-paths';
import { proxyNameProblem } from '@mcp-acp/shared/proxy-name';

/** More files than this are not counted: whoever asks gets what was found until then. */
const mostFiles = 200_000;
/** So many are looked at at once. */
const atOnce = 64;

/** What the installation takes on the disk. Those who ask at the same time get the same answer. */
export function createDiskUsage(paths: HomePaths): () => Promise<Storage> {
  let running: Promise<Storage> | undefined;
  return () => {
    running ??= measure(paths).finally(() => {
      running = undefined;
    });
    return running;
  };
}

async function measure(paths: HomePaths): Promise<Storage> {
  const budget = { files: mostFiles };
  const size = (dir: string): Promise<number> => bytesUnder(dir, budget);
  const proxies: Storage['proxies'] = [];
  for (const name of await namesIn(join(paths.logs, 'proxies'))) {
    if (proxyNameProblem(name) !== undefined) continue;
    const journals = await size(paths.auditDir(name));
    const payloads = await size(paths.payloadsDir(name));
    const all = await size(paths.proxyLogs(name));
    proxies.push({ name, journals, payloads, other: Math.max(0, all - journals - payloads) });
  }
  return {
    history: await size(paths.db),
    archive: (await size(paths.archive)) + (await size(join(paths.logs, 'archive'))),
    manager: await size(join(paths.logs, 'manager')),
    proxies,
  };
}

/** Files that go, or that cannot be looked at, count for nothing; links are not followed. */
async function bytesUnder(dir: string, budget: { files: number }): Promise<number> {
  let bytes = 0;
  const folders = [dir];
  for (let folder = folders.pop(); folder !== undefined && budget.files > 0; folder = folders.pop()) {
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
    const files: string[] = [];
    for (const entry of entries) {
      if (entry.isDirectory()) folders.push(join(folder, entry.name));
      else if (entry.isFile()) files.push(join(folder, entry.name));
    }
    for (let at = 0; at < files.length && budget.files > 0; at += atOnce) {
      const some = files.slice(at, at + Math.min(atOnce, budget.files));
      budget.files -= some.length;
      const sizes = await Promise.all(
        some.map((file) =>
          lstat(file).then(
            ({ size }) => size,
            () => 0,
          ),
        ),
      );
      for (const size of sizes) bytes += size;
    }
  }
  return bytes;
}

async function namesIn(dir: string): Promise<readonly string[]> {
  return (await readdir(dir).catch(() => [])).sort();
}
