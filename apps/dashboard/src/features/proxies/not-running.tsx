'use client';

import { ownClientName } from '@mcp-acp/shared/own-client';
import { useQuery } from '@tanstack/react-query';
import { useApi, useClient } from '../../api/use-api.ts';
import { Button } from '../../components/button.tsx';
import { CopyButton } from '../../components/copy-button.tsx';
import { ForeignText } from '../../components/foreign-text.tsx';
import { TimeAgo } from '../../components/time.tsx';
import type { ProxySeen } from '../proxy/answers.ts';

/** Why a proxy does not run, and what starts it. */
export function NotRunning({
  proxy,
  onConfirm,
}: {
  readonly proxy: ProxySeen;
  readonly onConfirm: (proxy: string) => void;
}) {
  return (
    <div className="relative z-[1] mt-auto rounded-b-lg border-t border-line bg-sunken px-4 py-2 text-xs text-muted">
      {proxy.connection === 'never' ? (
        <NeverStarted name={proxy.name} onConfirm={onConfirm} />
      ) : (
        <Ended proxy={proxy} />
      )}
    </div>
  );
}

function Ended({ proxy }: { readonly proxy: ProxySeen }) {
  const client = proxy.last?.status.client?.name;
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
      <div className="min-w-0 flex-1">
        <p>
          Ended {proxy.disconnectedSince !== undefined && <TimeAgo time={proxy.disconnectedSince} />}
          <WhyEnded proxy={proxy} />
        </p>
        <p className="mt-0.5 text-ink">
          <HowToReconnect client={client} />
        </p>
      </div>
      <CopySnippet proxy={proxy.name} />
    </div>
  );
}

function HowToReconnect({ client }: { readonly client: string | undefined }) {
  if (client === undefined) return 'Restart the client to reconnect.';
  if (client === ownClientName)
    return 'That was a check. Put its snippet into your MCP client, then restart it.';
  return (
    <>
      Restart the client (<ForeignText text={client} max={64} />) to reconnect.
    </>
  );
}

/** What is on record of that session: an incident of the instance, else what its backend said last. */
function WhyEnded({ proxy }: { readonly proxy: ProxySeen }) {
  const api = useApi();
  const { data } = useQuery(api.history.incidents.queryOptions({ proxy: proxy.name, limit: 20 }));
  const instance = proxy.last?.status.instance;
  const isOfLast = (of: string | undefined): boolean => of !== undefined && of === instance;
  const crash = data?.incidents.find(
    (incident) => incident.code === 'internal' && isOfLast(incident.instance),
  );
  const { backend } = proxy.last?.status ?? {};
  const why = crash?.detail ?? (backend?.state === 'connected' ? undefined : backend?.lastError?.error);
  if (why === undefined) return null;
  return (
    <>
      {crash === undefined ? ': ' : ' after a crash: '}
      <ForeignText text={why} max={200} className="text-bad" />
    </>
  );
}

function NeverStarted({
  name,
  onConfirm,
}: {
  readonly name: string;
  readonly onConfirm: (proxy: string) => void;
}) {
  const api = useApi();
  const { data: launch } = useQuery(api.proxies.launch.queryOptions({ proxy: name }));
  const isWaiting = launch?.confirmed === false;
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
      <p className="min-w-0 flex-1">
        {isWaiting
          ? 'What it starts waits to be confirmed outside the browser.'
          : 'Put its snippet into your MCP client, then restart the client.'}
      </p>
      {isWaiting ? (
        <Button size="sm" onClick={() => onConfirm(name)}>
          Confirm launch…
        </Button>
      ) : (
        <CopySnippet proxy={name} />
      )}
    </div>
  );
}

function CopySnippet({ proxy }: { readonly proxy: string }) {
  const client = useClient();
  return (
    <CopyButton
      size="sm"
      variant="default"
      text={async () => (await client.proxies.snippet.query({ proxy })).json}
    >
      Copy snippet
    </CopyButton>
  );
}
