'use client';

import { acpErrorOf } from '@mcp-acp/api/client/errors';
import { proxyNameProblem } from '@mcp-acp/shared/proxy-name';
import { useQuery } from '@tanstack/react-query';
import { usePathname, useRouter } from 'next/navigation';
import { type ReactNode, Suspense, useEffect, useState } from 'react';
import { useApi } from '../../api/use-api.ts';
import { ErrorPanel } from '../../components/error-panel.tsx';
import { Loading } from '../../components/skeleton.tsx';
import { UrlTabs } from '../../components/url-tabs.tsx';
import { lazyPart } from '../../live/lazy-part.ts';
import { PolicyAsideNotice } from './policy-aside-notice.tsx';
import { ProxyHeader } from './proxy-header.tsx';

const OverviewTab = lazyPart(async () => (await import('./overview/overview-tab.tsx')).OverviewTab);
const ActivityTab = lazyPart(async () => (await import('./activity/activity-tab.tsx')).ActivityTab);
const PolicyTab = lazyPart(async () => (await import('../policy/policy-tab.tsx')).PolicyTab);
const ConfigTab = lazyPart(async () => (await import('./config/config-tab.tsx')).ConfigTab);
const AuditTab = lazyPart(async () => (await import('./audit/audit-tab.tsx')).AuditTab);

/** What stands in `/proxy/<…>`, decoded where it can be. */
function textIn(path: string): string {
  const part = path.split('/')[2] ?? '';
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** One proxy, whose name stands in the address. */
export function ProxyPage() {
  const path = usePathname();
  // The exported file was drawn for a place holder: which proxy it is, is known in the browser only.
  const [isMounted, setMounted] = useState(false);
  useEffect(() => setMounted(true), []);
  if (!isMounted) return <Loading lines={4} />;
  const text = textIn(path);
  return proxyNameProblem(text) === undefined ? (
    <NamedProxy key={text} name={text} />
  ) : (
    <UnknownProxy text={text} />
  );
}

/** Back to the list, which says what was looked for. */
function UnknownProxy({ text }: { readonly text: string }) {
  const router = useRouter();
  useEffect(() => {
    router.replace(`/?unknown=${encodeURIComponent(text.slice(0, 64))}`);
  }, [router, text]);
  return <Loading lines={4} />;
}

function NamedProxy({ name }: { readonly name: string }) {
  const api = useApi();
  const proxy = useQuery(api.proxies.get.queryOptions({ proxy: name }));
  if (proxy.error !== null && proxy.data === undefined) {
    if (acpErrorOf(proxy.error).code === 'proxy_unknown') return <UnknownProxy text={name} />;
    return <ErrorPanel error={proxy.error} onRetry={() => void proxy.refetch()} />;
  }
  if (proxy.data === undefined) return <Loading lines={5} />;
  const within = (content: ReactNode) => <Suspense fallback={<Loading lines={5} />}>{content}</Suspense>;
  return (
    <>
      <ProxyHeader proxy={proxy.data} />
      <PolicyAsideNotice proxy={proxy.data} />
      <UrlTabs
        label={`Parts of ${name}`}
        tabs={[
          { value: 'overview', label: 'Overview', content: within(<OverviewTab proxy={proxy.data} />) },
          { value: 'activity', label: 'Activity', content: within(<ActivityTab proxy={proxy.data} />) },
          { value: 'policy', label: 'Policy', content: within(<PolicyTab proxy={name} />) },
          { value: 'config', label: 'Config', content: within(<ConfigTab proxy={proxy.data} />) },
          { value: 'audit', label: 'Audit', content: within(<AuditTab proxy={proxy.data} />) },
        ]}
      />
    </>
  );
}
