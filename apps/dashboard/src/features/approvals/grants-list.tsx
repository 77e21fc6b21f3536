'use client';

import type { Grant } from '@mcp-acp/shared/live/approval';
import { Badge } from '../../components/badge.tsx';
import { Button } from '../../components/button.tsx';
import { ErrorPanel } from '../../components/error-panel.tsx';
import { ForeignText, shownText } from '../../components/foreign-text.tsx';
import { formatCounted } from '../../components/format-number.ts';
import { Loading } from '../../components/skeleton.tsx';
import { TimeAgo } from '../../components/time.tsx';
import { TextPieces } from './text-pieces.tsx';
import { TimeLeft } from './ticking.tsx';
import { deadlineOf } from './time-left.ts';
import type { Grants } from './use-grants.ts';
import { useRevoke } from './use-undo-toast.ts';

const reaches = {
  call: 'the next attempt of one call',
  exact: 'exactly the same arguments',
  path: 'this path',
  tool: 'any arguments',
} as const;

/** Grants and mutes with what they did so far, each to be taken back. */
export function GrantsList({
  grants: { grants, toldAtMs, isKnown, error },
  showsProxy,
}: {
  readonly grants: Grants;
  readonly showsProxy: boolean;
}) {
  if (!isKnown) return error === null ? <Loading lines={2} /> : <ErrorPanel error={error} />;
  if (grants.length === 0) {
    return (
      <p className="text-sm text-muted">
        No grants. One made with “Grant…” on a card is listed here until it ends.
      </p>
    );
  }
  return (
    <ul aria-label="Grants" className="divide-y divide-line">
      {grants.map((grant) => (
        <GrantLine key={grant.grant} grant={grant} toldAtMs={toldAtMs} showsProxy={showsProxy} />
      ))}
    </ul>
  );
}

function GrantLine({
  grant,
  toldAtMs,
  showsProxy,
}: {
  readonly grant: Grant;
  readonly toldAtMs: number;
  readonly showsProxy: boolean;
}) {
  const { revoke, isBusy } = useRevoke();
  const { effect, scope, folder, path, tool, prompt, method, proxy, used, mostUses, leftMs, rule, madeAt } =
    grant;
  const isMute = effect === 'deny';
  const name = tool ?? prompt ?? method;
  return (
    <li className="flex items-center gap-3 py-2">
      <div className="min-w-0 flex-1 space-y-0.5">
        <p className="flex min-w-0 flex-wrap items-baseline gap-x-2 gap-y-0.5 text-sm">
          <Badge tone={isMute ? 'bad' : 'good'}>{isMute ? 'muted' : 'granted'}</Badge>
          <ForeignText text={name} max={80} className="font-mono font-medium" />
          {showsProxy && <span className="text-muted">on {proxy.name}</span>}
          <span className="min-w-0 text-muted">
            {!isMute && (folder === true ? 'everything in this folder' : reaches[scope])}
          </span>
        </p>
        {path !== undefined && (
          <p className="font-mono text-xs [overflow-wrap:anywhere]">
            <TextPieces text={path} part={{ start: 0, end: path.length }} />
          </p>
        )}
        <p className="text-xs text-muted">
          {isMute ? 'Refused' : 'Let through'} {formatCounted(used, 'call')} so far
          {mostUses !== undefined && ` of ${mostUses}`} ·{' '}
          {leftMs === undefined ? (
            'until the session ends'
          ) : (
            <>
              <TimeLeft deadlineMs={deadlineOf(leftMs, toldAtMs)} /> left
            </>
          )}
          {rule !== undefined && (
            <>
              {' '}
              · rule <span className="font-mono">{rule}</span>
            </>
          )}{' '}
          · made <TimeAgo time={madeAt} />
        </p>
      </div>
      <Button
        size="sm"
        aria-disabled={isBusy}
        aria-description={`${shownText(name, 80)} on ${proxy.name}`}
        className="h-9 sm:h-7"
        onClick={() => {
          if (!isBusy) revoke(grant);
        }}
      >
        {isMute ? 'Unmute' : 'Revoke'}
      </Button>
    </li>
  );
}
