'use client';

import { useQuery } from '@tanstack/react-query';
import { ChevronLeft, TriangleAlert } from 'lucide-react';
import { useApi, useClient } from '../../api/use-api.ts';
import { Badge, StatusDot } from '../../components/badge.tsx';
import { CopyButton } from '../../components/copy-button.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { PageLink } from '../../components/page-link.tsx';
import { TimeAgo } from '../../components/time.tsx';
import type { ProxySeen } from './answers.ts';
import { ChooseInstance, useChosenInstance } from './chosen-instance.tsx';
import { wordsOfProxy } from './connection-words.ts';

/** Name, state and what is copied most: how a client starts this proxy. */
export function ProxyHeader({ proxy }: { readonly proxy: ProxySeen }) {
  const client = useClient();
  const { tone, text } = wordsOfProxy(proxy);
  const startedAt = useChosenInstance(proxy)?.status.startedAt;
  return (
    <>
      <PageLink
        href="/"
        className="mb-1.5 inline-flex items-center gap-0.5 text-xs text-muted hover:text-ink"
      >
        <ChevronLeft aria-hidden className="size-3.5" /> Proxies
      </PageLink>
      <PageHeader
        title={proxy.name}
        note={
          <span className="inline-flex flex-wrap items-center gap-x-3 gap-y-1">
            <span className="inline-flex items-center gap-1.5">
              <StatusDot tone={tone} />
              {text}
              <Since proxy={proxy} startedAt={startedAt} />
            </span>
            {proxy.instances.length > 1 && <Badge>{proxy.instances.length} instances</Badge>}
            <UnreadIncidents proxy={proxy.name} />
          </span>
        }
      >
        <ChooseInstance proxy={proxy} />
        <CopyButton
          size="sm"
          text={async () => (await client.proxies.snippet.query({ proxy: proxy.name })).json}
        >
          Copy client snippet
        </CopyButton>
      </PageHeader>
    </>
  );
}

function Since({ proxy, startedAt }: { readonly proxy: ProxySeen; readonly startedAt: string | undefined }) {
  const isRunning = proxy.instances.length > 0;
  const time = isRunning ? startedAt : proxy.disconnectedSince;
  if (time === undefined) return null;
  return (
    <span className="text-xs">
      {isRunning ? 'started' : 'ended'} <TimeAgo time={time} />
    </span>
  );
}

const mostCounted = 20;

/** Leads to the incidents of this proxy, where there are some nobody has read. */
function UnreadIncidents({ proxy }: { readonly proxy: string }) {
  const api = useApi();
  const { data } = useQuery(
    api.history.incidents.queryOptions({ proxy, unreadOnly: true, limit: mostCounted }),
  );
  const count = data?.incidents.length ?? 0;
  if (count === 0) return null;
  return (
    <PageLink
      href={`/incidents?proxy=${encodeURIComponent(proxy)}`}
      className="inline-flex items-center gap-1 text-xs text-warn underline-offset-4 hover:underline"
    >
      <TriangleAlert aria-hidden className="size-3.5" />
      {count === mostCounted && data?.cursor !== undefined ? `${count}+` : count} unread{' '}
      {count === 1 ? 'incident' : 'incidents'}
    </PageLink>
  );
}
