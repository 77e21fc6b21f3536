import type { AuditVerdict, FilesPort, VerifyStep } from '@mcp-acp/api/ports/files';
import { type JournalVerdict, type VerifyProgress, verifyJournal } from '@mcp-acp/audit/verify-journal';
import type { HomePaths } from '@mcp-acp/config/home-paths';
import { readProxyConfigText } from '@mcp-acp/config/proxy-config';
import { AcpError } from '@mcp-acp/shared/errors';
import type { IncidentReport } from '../history/incident-report.ts';

export type VerifyServices = Pick<FilesPort, 'verifyAudit' | 'verifyAuditLive'>;

/** Progress is told so often at most. Milliseconds. */
const tellMs = 100;
/** Each reads a whole journal: more at once would only take turns on the same disk. */
const mostAtOnce = 2;

/** Verifies journals, a piece of a few milliseconds at a time: everything else of the process has its turn in between. */
export function createVerifyServices(paths: HomePaths, tampered: IncidentReport['tampered']): VerifyServices {
  let running = 0;

  const tell = (proxyName: string, { proxyId, streams, ledger }: JournalVerdict): void => {
    if (proxyId === undefined) return;
    for (const { stream, instance, verdict, problem } of streams) {
      if (verdict !== 'tampered') continue;
      const { offset, line, why } = problem ?? { offset: 0, line: 0, why: 'it does not verify' };
      const detail = `${stream}.jsonl, line ${line}, byte ${offset}: ${why}.`;
      tampered({ proxyId, proxyName, stream, detail, ...(instance === undefined ? {} : { instance }) });
    }
    const [problem] = ledger.problems;
    if (problem !== undefined)
      tampered({ proxyId, proxyName, stream: 'ledger', detail: `The ledger: ${problem.why}.` });
  };

  async function* live(proxy: string, signal: AbortSignal): AsyncGenerator<VerifyStep> {
    if (running >= mostAtOnce) {
      throw new AcpError('too_many_requests', `${mostAtOnce} journals are being verified already.`, {
        fix: 'Wait until one of them is done.',
      });
    }
    running++;
    let newest: VerifyProgress | undefined;
    let isLeft = false;
    const work = verifyJournal(paths.auditDir(proxy), {
      onProgress: (progress) => {
        // Ends the reading; nobody hears of it.
        if (isLeft || signal.aborted) throw new AcpError('audit_unavailable');
        newest = progress;
      },
    }).finally(() => {
      running--;
    });
    // Whoever stops reading has no use for how it ends.
    work.catch(() => undefined);
    try {
      for (;;) {
        const verdict = await Promise.race([work, passed(tellMs)]).catch((error: unknown) => {
          if (!signal.aborted) throw error;
        });
        if (signal.aborted) return;
        if (newest !== undefined) {
          const { stream, doneBytes, totalBytes } = newest;
          // What is looked at a second time counts once.
          yield { type: 'progress', stream, doneBytes: Math.min(doneBytes, totalBytes), totalBytes };
          newest = undefined;
        }
        if (verdict === undefined) continue;
        tell(proxy, verdict);
        yield { type: 'verdict', verdict: shownVerdict(verdict) };
        return;
      }
    } finally {
      isLeft = true;
    }
  }

  return {
    verifyAudit: async (proxy) => {
      readProxyConfigText(paths, proxy);
      const verdict = await verifyJournal(paths.auditDir(proxy));
      tell(proxy, verdict);
      return shownVerdict(verdict);
    },
    verifyAuditLive: (proxy, signal) => {
      // Throws where there is no such proxy.
      readProxyConfigText(paths, proxy);
      return live(proxy, signal);
    },
  };
}

const passed = (ms: number): Promise<undefined> =>
  new Promise((resolve) => setTimeout(() => resolve(undefined), ms));

function shownVerdict({ ledger, streams, ...verdict }: JournalVerdict): AuditVerdict {
  return {
    verdict: verdict.verdict,
    records: verdict.records,
    bytes: verdict.bytes,
    streams: streams.map(({ stream, state, verdict, records, problem }) => ({
      stream,
      state,
      verdict,
      records,
      ...(problem === undefined ? {} : { problem }),
    })),
    ledgerProblems: ledger.problems.map((problem) => problem.why),
  };
}
