import { statSync } from 'node:fs';
import type { HomePaths } from '@mcp-acp/config/home-paths';
import { proxyNames, readProxyConfig } from '@mcp-acp/config/proxy-config';

export interface ConfiguredProxy {
  readonly name: string;
  /** Absent where its configuration cannot be read. */
  readonly id?: string;
  readonly enabled: boolean;
}

/** How long the list of folders is taken to be what it was. Milliseconds. */
const freshMs = 500;

interface Read {
  readonly stamp: string;
  readonly proxy: ConfiguredProxy;
}

/** The proxies there are configurations of. A file is read when it has changed, the folder at most twice a second. */
export function watchConfiguredProxies(
  paths: HomePaths,
  nowMs: () => number,
): () => readonly ConfiguredProxy[] {
  let files = new Map<string, Read>();
  let list: readonly ConfiguredProxy[] = [];
  let lookedMs = Number.NEGATIVE_INFINITY;
  return () => {
    if (nowMs() - lookedMs < freshMs) return list;
    lookedMs = nowMs();
    const next = new Map<string, Read>();
    for (const name of proxyNames(paths)) {
      const stamp = stampOf(paths.proxyConfig(name));
      const held = files.get(name);
      next.set(name, held?.stamp === stamp ? held : { stamp, proxy: read(paths, name) });
    }
    files = next;
    list = [...next.values()].map(({ proxy }) => proxy);
    return list;
  };
}

function read(paths: HomePaths, name: string): ConfiguredProxy {
  try {
    const { id, enabled } = readProxyConfig(paths, name);
    return { name, id, enabled };
  } catch {
    // Its own start says what is wrong with it; here it is a proxy all the same.
    return { name, enabled: true };
  }
}

function stampOf(file: string): string {
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat === undefined ? 'absent' : `${stat.ino} ${stat.size} ${stat.mtimeMs}`;
}
