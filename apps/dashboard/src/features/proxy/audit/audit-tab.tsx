'use client';

import { CircleCheck, ShieldAlert, TriangleAlert } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { Button } from '../../../components/button.tsx';
import { Card, CardBody, CardHeader } from '../../../components/card.tsx';
import { CodeBlock } from '../../../components/code-block.tsx';
import { ErrorPanel } from '../../../components/error-panel.tsx';
import { ForeignText } from '../../../components/foreign-text.tsx';
import { formatLatency } from '../../../components/format-duration.ts';
import { formatBytes, formatCounted } from '../../../components/format-number.ts';
import { Progress } from '../../../components/progress.tsx';
import { TimeAgo } from '../../../components/time.tsx';
import { useLiveEvent } from '../../../live/event-handlers.ts';
import type { AuditVerdict, ProxySeen } from '../answers.ts';
import { StreamTable } from './stream-table.tsx';
import { useVerify, type Verified } from './use-verify.ts';

/** What is read within this time is read again by itself when an instance comes or goes. Milliseconds. */
const quickMs = 3_000;
const settledAfterMs = 1_000;

/** Whether the journal says what was written to it. */
export function AuditTab({ proxy }: { readonly proxy: ProxySeen }) {
  const { state, verified, verify, stop } = useVerify(proxy.name);
  const isRunning = state.kind === 'running';
  const begun = useRef(false);
  useEffect(() => {
    if (begun.current || verified !== undefined) return;
    begun.current = true;
    verify();
  }, [verified, verify]);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  useLiveEvent(['proxy_registered', 'proxy_disconnected'], (event) => {
    if (event.proxy.name !== proxy.name || verified === undefined || verified.tookMs > quickMs) return;
    clearTimeout(timer.current);
    timer.current = setTimeout(verify, settledAfterMs);
  });
  return (
    <div className="space-y-4">
      <Card aria-labelledby="journal">
        <CardHeader
          id="journal"
          title="Journal"
          note={
            verified === undefined ? undefined : (
              <>
                verified <TimeAgo time={verified.at} /> in {formatLatency(verified.tookMs)}
              </>
            )
          }
        >
          {isRunning ? (
            <Button size="sm" onClick={stop}>
              Cancel
            </Button>
          ) : (
            <Button size="sm" variant="primary" onClick={verify}>
              Verify
            </Button>
          )}
        </CardHeader>
        <CardBody className="space-y-3">
          {state.kind === 'running' && (
            <div className="space-y-1.5">
              <Progress label="Verifying the journal" done={state.doneBytes} total={state.totalBytes} />
              <p className="text-muted text-xs tabular-nums">
                {formatBytes(state.doneBytes)} of {formatBytes(state.totalBytes)}
                {state.stream !== '' && (
                  <>
                    {' · '}
                    <ForeignText text={state.stream} max={64} />
                  </>
                )}
              </p>
            </div>
          )}
          {state.kind === 'failed' && <ErrorPanel error={state.error} onRetry={verify} />}
          {verified !== undefined && <VerdictWords verified={verified} proxy={proxy.name} />}
          {verified === undefined && state.kind === 'idle' && (
            <p className="text-muted text-sm">Verify reads every record and checks the chain of hashes.</p>
          )}
        </CardBody>
      </Card>
      {verified !== undefined && <StreamTable proxy={proxy} verdict={verified.verdict} />}
    </div>
  );
}

const looks = {
  ok: { Icon: CircleCheck, tone: 'text-good', title: 'Intact' },
  torn_tail: { Icon: TriangleAlert, tone: 'text-warn', title: 'Intact, with a torn tail' },
  tampered: { Icon: ShieldAlert, tone: 'text-bad', title: 'Tampered with' },
} as const;

const means: Readonly<Record<AuditVerdict['verdict'], string>> = {
  ok: 'Every record is where it was written, and says what was written.',
  torn_tail:
    'A crash cut off the record that was being written. The next start heals it and keeps a hash of what was cut.',
  tampered:
    'Something in the journal is not what was written. Keep the files as they are and look at the findings.',
};

function VerdictWords({
  verified: { verdict },
  proxy,
}: {
  readonly verified: Verified;
  readonly proxy: string;
}) {
  const { Icon, tone, title } = looks[verdict.verdict];
  const findings = findingsOf(verdict);
  return (
    <section aria-label="Verdict" aria-live="polite">
      <div className="flex items-start gap-3">
        <Icon aria-hidden className={`mt-0.5 size-5 shrink-0 ${tone}`} />
        <div className="min-w-0">
          <p className={`font-semibold text-base ${tone}`}>{title}</p>
          <p className="text-sm">{means[verdict.verdict]}</p>
          <p className="mt-0.5 text-muted text-xs tabular-nums">
            {formatCounted(verdict.records, 'record')} in {formatCounted(verdict.streams.length, 'stream')},{' '}
            {formatBytes(verdict.bytes)}
          </p>
        </div>
      </div>
      {findings.length > 0 && (
        <>
          <ul
            aria-label="Findings"
            className="mt-3 divide-y divide-line rounded-md border border-line text-sm"
          >
            {findings.map(({ place, why }) => (
              <li key={`${place} ${why}`} className="px-3 py-2">
                <code className="font-mono text-xs">
                  <ForeignText text={place} max={128} />
                </code>
                <p>
                  <ForeignText text={why} max={1_024} />
                </p>
              </li>
            ))}
          </ul>
          <p className="mt-3 mb-1 text-muted text-xs">The same from the terminal, with an exit code:</p>
          <CodeBlock code={`mcp-acp audit verify --proxy ${proxy}`} label="Copy the command" />
        </>
      )}
    </section>
  );
}

function findingsOf({
  streams,
  ledgerProblems,
}: AuditVerdict): readonly { readonly place: string; readonly why: string }[] {
  return [
    ...ledgerProblems.map((why) => ({ place: 'ledger', why })),
    ...streams.flatMap(({ stream, problem }) =>
      problem === undefined
        ? []
        : [{ place: `${stream}, line ${problem.line}, byte ${problem.offset}`, why: problem.why }],
    ),
  ];
}
