'use client';

import { PlugZap, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { Card } from '../../../components/card.tsx';
import { ForeignText } from '../../../components/foreign-text.tsx';
import { PageLink } from '../../../components/page-link.tsx';
import { TimeAgo } from '../../../components/time.tsx';
import type { ProxySeen } from '../answers.ts';
import { EndWords } from '../end-words.tsx';
import { isOrdinary, isSaid } from '../ending-words.ts';
import { wasCheck } from '../last-end.ts';
import { type KnownEnd, useLastEnd } from '../use-last-end.ts';

/** Why no client is connected through this proxy, and what to do. */
export function WhyNotRunning({ proxy }: { readonly proxy: ProxySeen }) {
  const end = useLastEnd(proxy);
  if (!proxy.enabled && proxy.configured) {
    return (
      <Notice title="This proxy is switched off" isWarning>
        It does not start. Switch it on with the setting <code className="font-mono">enabled</code> on the
        Config tab, then restart the client.
      </Notice>
    );
  }
  if (end !== undefined) return <LastEnd proxy={proxy} end={end} />;
  if (proxy.connection !== 'never') return null;
  return (
    <Notice title="No client has started this proxy yet">
      Copy the client snippet into your MCP client&rsquo;s configuration and restart the client.
    </Notice>
  );
}

function LastEnd({ proxy, end }: { readonly proxy: ProxySeen; readonly end: KnownEnd }) {
  const { words, crash, since, instance, reason } = end;
  const backend = proxy.last?.status.backend;
  // A process that is ended with its proxy has no other last error than that.
  const lastError = backend?.kind === 'http' ? backend.lastError?.error : undefined;
  const records = (
    <PageLink
      href={`/proxy/${encodeURIComponent(proxy.name)}?tab=activity&kind=sessions&instance=${instance}`}
      className="text-accent underline-offset-4 hover:underline"
    >
      Records of its last session
    </PageLink>
  );
  if (wasCheck(end) && isOrdinary(reason)) {
    return (
      <Notice title="Checked, and waiting for a client to start it">
        {since !== undefined && (
          <>
            mcp-acp asked the server for its tools <TimeAgo time={since} />; no client has connected since.{' '}
          </>
        )}
        Copy the client snippet into your MCP client&rsquo;s configuration and restart the client. {records}
      </Notice>
    );
  }
  return (
    <Notice
      title={
        wasCheck(end)
          ? 'Its last session was a check of the server'
          : 'Disconnected: restart the client to reconnect'
      }
      isWarning={words !== undefined && !isOrdinary(reason)}
    >
      {words !== undefined && (
        <>
          <EndWords {...words} />{' '}
        </>
      )}
      {crash !== undefined && (
        <>
          It crashed: <ForeignText text={crash} />{' '}
        </>
      )}
      {since !== undefined && (
        <>
          That was <TimeAgo time={since} />.{' '}
        </>
      )}
      {lastError !== undefined && words !== undefined && !isSaid(lastError, words) && (
        <>
          Its backend&rsquo;s last error: <EndWords ours="" foreign={lastError.replace(/[.\s]+$/, '')} />{' '}
        </>
      )}
      {records}
    </Notice>
  );
}

function Notice({
  title,
  children,
  isWarning = false,
}: {
  readonly title: string;
  readonly children: ReactNode;
  readonly isWarning?: boolean;
}) {
  const Icon = isWarning ? TriangleAlert : PlugZap;
  return (
    <Card aria-label={title} className="flex items-start gap-3 px-4 py-3">
      <Icon aria-hidden className={isWarning ? 'mt-0.5 size-4 text-warn' : 'mt-0.5 size-4 text-muted'} />
      <div className="min-w-0">
        <p className="font-medium text-sm">{title}</p>
        <p className="text-muted text-sm">{children}</p>
      </div>
    </Card>
  );
}
