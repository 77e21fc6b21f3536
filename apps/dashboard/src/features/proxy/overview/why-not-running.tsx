'use client';

import { useQuery } from '@tanstack/react-query';
import { PlugZap, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { useApi } from '../../../api/use-api.ts';
import { Card } from '../../../components/card.tsx';
import { ForeignText } from '../../../components/foreign-text.tsx';
import { PageLink } from '../../../components/page-link.tsx';
import { TimeAgo } from '../../../components/time.tsx';
import type { ProxySeen } from '../answers.ts';
import { endingInWords, isOrdinary } from './ending-words.ts';

/** Why no client is connected through this proxy, and what to do. */
export function WhyNotRunning({ proxy }: { readonly proxy: ProxySeen }) {
  if (!proxy.enabled && proxy.configured) {
    return (
      <Notice title="This proxy is switched off" isWarning>
        It does not start. Switch it on with the setting <code className="font-mono">enabled</code> on the
        Config tab, then restart the client.
      </Notice>
    );
  }
  return proxy.last === undefined ? (
    <NeverSeen proxy={proxy} />
  ) : (
    <LastEnd proxy={proxy} instance={proxy.last.status.instance} since={proxy.disconnectedSince} />
  );
}

/** The manager saw none of its sessions; those that were too short for that are in the journal all the same. */
function NeverSeen({ proxy }: { readonly proxy: ProxySeen }) {
  const api = useApi();
  const sessions = useQuery(
    api.history.records.queryOptions({ proxy: proxy.name, type: 'session', limit: 1 }),
  );
  const newest = sessions.data?.records[0];
  if (newest !== undefined) return <LastEnd proxy={proxy} instance={newest.instance} since={newest.time} />;
  return (
    <Notice title="No client has started this proxy yet">
      Copy the client snippet into your MCP client&rsquo;s configuration and restart the client.
    </Notice>
  );
}

function LastEnd({
  proxy,
  instance,
  since,
}: {
  readonly proxy: ProxySeen;
  readonly instance: string;
  readonly since: string | undefined;
}) {
  const api = useApi();
  const sessions = useQuery(
    api.history.records.queryOptions({
      proxy: proxy.name,
      instance,
      type: 'session',
      text: 'closed',
      limit: 5,
    }),
  );
  const closed = sessions.data?.records.find(({ event }) => event === 'closed');
  const detail = useQuery(
    api.history.record.queryOptions(
      { proxy: proxy.name, instance, seq: closed?.seq ?? 0 },
      { enabled: closed !== undefined },
    ),
  );
  const record = detail.data?.record;
  const exit =
    typeof record === 'object' && record !== null && !Array.isArray(record) ? record.backendExit : undefined;
  const isKnown = sessions.data !== undefined;
  return (
    <Notice
      title="Disconnected: restart the client to reconnect"
      isWarning={isKnown && !isOrdinary(closed?.reason)}
    >
      {isKnown && <ForeignText text={endingInWords(closed?.reason)} />}{' '}
      {typeof exit === 'string' && closed?.reason === 'backend_exited' && (
        <>
          The backend: <ForeignText text={exit} />.{' '}
        </>
      )}
      {since !== undefined && (
        <>
          That was <TimeAgo time={since} />.{' '}
        </>
      )}
      {proxy.lastError !== undefined && (
        <>
          Its backend&rsquo;s last error: <ForeignText text={proxy.lastError.error} />.{' '}
        </>
      )}
      <PageLink
        href={`/proxy/${encodeURIComponent(proxy.name)}?tab=activity&kind=sessions&instance=${instance}`}
        className="text-accent underline-offset-4 hover:underline"
      >
        Records of its last session
      </PageLink>
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
