'use client';

import { ownClientName } from '@mcp-acp/shared/own-client';
import { ArrowRight } from 'lucide-react';
import { Badge, StatusDot } from '../../components/badge.tsx';
import { ForeignText } from '../../components/foreign-text.tsx';
import { formatLatency } from '../../components/format-duration.ts';
import { formatCount, formatCounted } from '../../components/format-number.ts';
import { PageLink } from '../../components/page-link.tsx';
import { TimeAgo } from '../../components/time.tsx';
import { Tooltip } from '../../components/tooltip.tsx';
import type { InstanceSeen, ProxySeen } from '../proxy/answers.ts';
import { nameOfBackend } from '../proxy/backend-name.ts';
import { wordsOfBackend, wordsOfProxy } from '../proxy/connection-words.ts';
import { wasCheck } from '../proxy/last-end.ts';
import { policyAsideOf } from '../proxy/policy-aside.ts';
import { useLastEnd } from '../proxy/use-last-end.ts';
import { LastHour } from './last-hour.tsx';
import { NotRunning } from './not-running.tsx';
import { figuresOf, type ProxyFigures, shownInstances } from './proxy-figures.ts';

/** One proxy: who talks to what through it, and how that goes. */
export function ProxyCard({
  proxy,
  onConfirm,
}: {
  readonly proxy: ProxySeen;
  /** Leads on where its launch waits to be confirmed. */
  readonly onConfirm: (proxy: string) => void;
}) {
  const figures = figuresOf(proxy);
  const words = wordsOfProxy(proxy);
  const aside = policyAsideOf(proxy);
  const shown = shownInstances(proxy);
  const backend = proxy.instances.map(wordsOfBackend).find(({ tone }) => tone !== 'good');
  return (
    <article
      aria-label={proxy.name}
      className="relative flex min-w-0 flex-col rounded-lg border border-line bg-surface shadow-card transition-colors focus-within:border-line-strong hover:border-line-strong"
    >
      <div className="flex items-center gap-2 px-4 pt-3">
        <h2 className="min-w-0 truncate text-base font-semibold tracking-tight">
          <PageLink href={`/proxy/${proxy.name}`} className="after:absolute after:inset-0 after:rounded-lg">
            {proxy.name}
          </PageLink>
        </h2>
        {figures.pending > 0 && <Badge tone="warn">{formatCount(figures.pending)} waiting</Badge>}
        <span className="ml-auto flex shrink-0 items-center gap-1.5 text-xs text-muted">
          <StatusDot tone={words.tone} />
          {words.text}
        </span>
      </div>
      <Ends proxy={proxy} shown={shown} />
      {backend !== undefined && (
        <p className="mx-4 mt-1 truncate text-xs">
          <span className={backend.tone === 'bad' ? 'text-bad' : 'text-warn'}>Backend: {backend.text}</span>
          {proxy.lastError !== undefined && (
            <span className="text-muted">
              {' – '}
              <ForeignText text={proxy.lastError.error} max={160} />
            </span>
          )}
        </p>
      )}
      {aside !== undefined && (
        <p className="mx-4 mt-1 text-warn text-xs">
          {aside.event === 'held'
            ? 'A policy edited by hand waits to be confirmed'
            : 'The policy file cannot be used; the one before decides'}
        </p>
      )}
      {proxy.connection !== 'never' && (
        <div className="px-4 pt-2">
          <LastHour proxy={proxy.name} />
        </div>
      )}
      {shown.length > 0 && (
        <>
          <Flow figures={figures} />
          <dl className="mt-auto grid grid-cols-5 border-t border-line px-4 py-2.5">
            <Figure name="Requests" value={formatCount(figures.requests)} />
            <Figure name="Approvals" value={formatCount(figures.asked)} />
            <Figure
              name="Denials"
              value={formatCount(figures.denied)}
              tone={figures.denied > 0 ? 'text-bad' : ''}
            />
            <Figure name="Median" value={formatLatency(figures.call.medianMs)} />
            <Figure name="p95" value={formatLatency(figures.call.p95Ms)} />
          </dl>
        </>
      )}
      {proxy.instances.length === 0 ? (
        <NotRunning proxy={proxy} onConfirm={onConfirm} />
      ) : (
        <Running proxy={proxy} />
      )}
    </article>
  );
}

function Running({ proxy }: { readonly proxy: ProxySeen }) {
  const { tools, startedAt } = proxy.instances.at(-1)?.status ?? {};
  const inFlight = proxy.instances.reduce((sum, { status }) => sum + status.inFlight, 0);
  return (
    <p className="flex flex-wrap gap-x-3 rounded-b-lg border-t border-line bg-sunken px-4 py-2 text-xs text-muted">
      {startedAt !== undefined && (
        <span>
          Started <TimeAgo time={startedAt} />
        </span>
      )}
      {proxy.instances.length > 1 && <span>{formatCounted(proxy.instances.length, 'instance')}</span>}
      {tools !== undefined && <span>{formatCounted(tools, 'tool')}</span>}
      {inFlight > 0 && <span>{formatCount(inFlight)} in flight</span>}
    </p>
  );
}

function Ends({ proxy, shown }: { readonly proxy: ProxySeen; readonly shown: readonly InstanceSeen[] }) {
  const newest = shown.at(-1)?.status;
  if (newest === undefined) {
    return (
      <p className="mx-4 mt-0.5 pb-3 text-xs text-muted">
        {proxy.connection === 'never' ? notStarted : <Unseen proxy={proxy} />}
      </p>
    );
  }
  return (
    <p className="mx-4 mt-0.5 flex min-w-0 items-center gap-1.5 text-xs text-muted">
      <span className="max-w-[45%] truncate">
        <ClientName name={newest.client?.name} />
        {shown.length > 1 && ` and ${shown.length - 1} more`}
      </span>
      <ArrowRight aria-hidden className="size-3 shrink-0" />
      <span className="sr-only">to</span>
      <span className="truncate">
        <ForeignText text={nameOfBackend(newest.backend)} max={120} />
      </span>
    </p>
  );
}

const notStarted = 'No client has started it yet';

/** Of a proxy that has run, while nobody watched. */
function Unseen({ proxy }: { readonly proxy: ProxySeen }) {
  const end = useLastEnd(proxy);
  return end !== undefined && wasCheck(end)
    ? notStarted
    : 'Its sessions were over before they could be watched; they are under Activity';
}

function ClientName({ name }: { readonly name: string | undefined }) {
  if (name === undefined) return 'Unnamed client';
  return name === ownClientName ? 'Checked by mcp-acp' : <ForeignText text={name} max={64} />;
}

function Flow({ figures }: { readonly figures: ProxyFigures }) {
  const { requests, call, evaluation, humanWait, isPast } = figures;
  const rows = [
    ['Whole call, median', call.medianMs],
    ['Whole call, 95th percentile', call.p95Ms],
    ['Policy, median', evaluation.medianMs],
    ['Waiting for a person, median', humanWait.medianMs],
  ] as const;
  return (
    <p className="relative z-[1] w-fit px-4 pt-1 pb-2.5 text-xs text-muted">
      <Tooltip
        content={
          <span className="grid grid-cols-[1fr_auto] gap-x-4 gap-y-0.5">
            {rows.map(([name, value]) => (
              <span key={name} className="contents">
                <span className="text-muted">{name}</span>
                <span className="text-right tabular-nums">{formatLatency(value)}</span>
              </span>
            ))}
          </span>
        }
      >
        <button type="button" className="cursor-default rounded tabular-nums">
          {formatCounted(requests, 'request')}
          {call.medianMs !== undefined && <span className="ml-2">~{formatLatency(call.medianMs)}</span>}
          {isPast && requests > 0 && <span className="ml-2">in the last session</span>}
        </button>
      </Tooltip>
    </p>
  );
}

function Figure({
  name,
  value,
  tone = '',
}: {
  readonly name: string;
  readonly value: string;
  readonly tone?: string;
}) {
  return (
    <div className="min-w-0">
      <dt className="truncate text-2xs text-muted">{name}</dt>
      <dd className={`truncate text-sm font-medium tabular-nums ${tone}`}>{value}</dd>
    </div>
  );
}
