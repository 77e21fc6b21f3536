import type { HomePaths } from '@mcp-acp/config/home-paths';
import { createPathResolver } from '@mcp-acp/config/path-resolver';
import { readProxyConfig } from '@mcp-acp/config/proxy-config';
import { createPastResolver } from './judge-past.ts';
import { type PastCall, pastCall } from './past-call.ts';
import { type DecisionRecord, type PastBatch, pastDecisions } from './past-decisions.ts';
import { openPastPayloads, type PastArguments, type PastPayloads } from './past-payloads.ts';

export interface PastScan {
  readonly paths: HomePaths;
  readonly proxy: string;
  readonly days: number;
  /** What `~` stands for. */
  readonly home: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** Some recorded calls, in the order of their stream. */
export interface PastStep {
  /** `call` is undefined where not even the names of what was called are known whole. */
  readonly calls: readonly { readonly record: DecisionRecord; readonly call: PastCall | undefined }[];
  /** Folders of mcp-acp that no rule can open, canonical. */
  readonly protectedRoots: readonly string[];
  readonly progress: {
    readonly type: 'progress';
    readonly doneCalls: number;
    readonly doneBytes: number;
    readonly totalBytes: number;
  };
}

const dayMs = 24 * 3_600_000;
/** Working folders whose places are remembered at once. */
const maxResolvers = 4;

/**
 * Every call of the last days that a policy was asked about, as a policy would see it again, and how far that is. Ends early
 * with the signal. Throws AcpError: 'proxy_unknown', 'config_invalid', 'audit_unavailable'.
 */
export async function* scanPast(scan: PastScan, signal: AbortSignal): AsyncGenerator<PastStep> {
  const { paths, proxy, home } = scan;
  const config = readProxyConfig(paths, proxy);
  const stdio = config.backend.transport === 'stdio' ? config.backend : undefined;
  const disk = createPathResolver({ cwd: home, home });
  const protectedRoots = [paths.home, paths.logs].flatMap((folder) => disk.places(folder));
  const resolvers = new Map<string, ReturnType<typeof createPastResolver>>();
  const resolverIn = (cwd: string | undefined) => {
    const known = resolvers.get(cwd ?? '');
    if (known !== undefined) return known;
    if (resolvers.size >= maxResolvers) resolvers.clear();
    const made = createPastResolver({ cwd, home });
    resolvers.set(cwd ?? '', made);
    return made;
  };
  let payloads: { readonly instance: string; readonly store: PastPayloads } | undefined;
  let doneCalls = 0;
  try {
    const options = {
      auditDir: paths.auditDir(proxy),
      proxyId: config.id,
      since: scan.now - scan.days * dayMs,
    };
    for await (const batch of pastDecisions(options)) {
      if (signal.aborted) return;
      if (payloads?.instance !== batch.instance) {
        payloads?.store.close();
        const store = openPastPayloads(paths.payloadsDir(proxy), batch.instance);
        payloads = { instance: batch.instance, store };
      }
      const { store } = payloads;
      const surroundings = {
        backendId: config.backend.id,
        backendKind: stdio === undefined ? ('http' as const) : ('stdio' as const),
        ...resolverIn(batch.cwd ?? stdio?.cwd),
      };
      const calls = batch.decisions.map((record) => ({
        record,
        call: pastCall(record, keptOf(record, batch, store), surroundings),
      }));
      doneCalls += calls.length;
      const { doneBytes, totalBytes } = batch;
      yield { calls, protectedRoots, progress: { type: 'progress', doneCalls, doneBytes, totalBytes } };
    }
  } finally {
    payloads?.store.close();
  }
}

/**
 * The arguments of a record. A tool and a prompt can be called without any, and then the record cites none, as it does
 * where none are kept at all; that they are kept shows in another record of the stream.
 */
function keptOf(record: DecisionRecord, batch: PastBatch, store: PastPayloads): PastArguments | 'none' {
  if (record.payload !== undefined) return store.read(record.payload);
  const named = record.method === 'tools/call' || record.method === 'prompts/get';
  return named && record.facts !== undefined && batch.keepsPayloads ? 'none' : { state: 'gone' };
}
