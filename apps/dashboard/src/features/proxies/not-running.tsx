'use client';

import { ownClientName } from '@mcp-acp/shared/own-client';
import { useQuery } from '@tanstack/react-query';
import { useApi, useClient } from '../../api/use-api.ts';
import { Button } from '../../components/button.tsx';
import { CopyButton } from '../../components/copy-button.tsx';
import { ForeignText } from '../../components/foreign-text.tsx';
import { TimeAgo } from '../../components/time.tsx';
import type { ProxySeen } from '../proxy/answers.ts';
import { EndWords } from '../proxy/end-words.tsx';
import { isFailure, isOrdinary } from '../proxy/ending-words.ts';
import { wasCheck } from '../proxy/last-end.ts';
import { type KnownEnd, useLastEnd } from '../proxy/use-last-end.ts';

/** Why a proxy does not run, and what starts it. */
export function NotRunning({
  proxy,
  onConfirm,
}: {
  readonly proxy: ProxySeen;
  readonly onConfirm: (proxy: string) => void;
}) {
  const api = useApi();
  const { data: launch } = useQuery(api.proxies.launch.queryOptions({ proxy: proxy.name }));
  return (
    <div className="relative z-[1] mt-auto rounded-b-lg border-t border-line bg-sunken px-4 py-2 text-xs text-muted">
      {launch?.confirmed === false ? (
        <Unconfirmed name={proxy.name} onConfirm={onConfirm} />
      ) : proxy.connection === 'never' ? (
        <NeverStarted name={proxy.name} />
      ) : (
        <Ended proxy={proxy} />
      )}
    </div>
  );
}

function Ended({ proxy }: { readonly proxy: ProxySeen }) {
  const end = useLastEnd(proxy);
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
      <div className="min-w-0 flex-1">
        {end !== undefined && wasCheck(end) && isOrdinary(end.reason) ? (
          <p>
            Checked {proxy.disconnectedSince !== undefined && <TimeAgo time={proxy.disconnectedSince} />}, and
            waiting for a client to start it.
          </p>
        ) : (
          <p>
            Ended {proxy.disconnectedSince !== undefined && <TimeAgo time={proxy.disconnectedSince} />}.{' '}
            {end !== undefined && <WhyEnded end={end} />}
          </p>
        )}
        <p className="mt-0.5 text-ink">
          <HowToReconnect client={end?.client ?? proxy.last?.status.client?.name} />
        </p>
      </div>
      <CopySnippet proxy={proxy.name} />
    </div>
  );
}

function HowToReconnect({ client }: { readonly client: string | undefined }) {
  if (client === undefined) return 'Restart the client to reconnect.';
  if (client === ownClientName) return 'Put its snippet into your MCP client, then restart it.';
  return (
    <>
      Restart the client (<ForeignText text={client} max={64} />) to reconnect.
    </>
  );
}

function WhyEnded({ end: { crash, words, reason } }: { readonly end: KnownEnd }) {
  if (crash !== undefined) {
    return (
      <span className="text-bad">
        It crashed: <ForeignText text={crash} max={200} />
      </span>
    );
  }
  if (words === undefined) return null;
  return (
    <span className={isFailure(reason) ? 'text-bad' : undefined}>
      <EndWords {...words} />
    </span>
  );
}

function NeverStarted({ name }: { readonly name: string }) {
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
      <p className="min-w-0 flex-1">Put its snippet into your MCP client, then restart the client.</p>
      <CopySnippet proxy={name} />
    </div>
  );
}

function Unconfirmed({
  name,
  onConfirm,
}: {
  readonly name: string;
  readonly onConfirm: (proxy: string) => void;
}) {
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
      <p className="min-w-0 flex-1">What it starts waits to be confirmed outside the browser.</p>
      <Button size="sm" onClick={() => onConfirm(name)}>
        Confirm launch…
      </Button>
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
