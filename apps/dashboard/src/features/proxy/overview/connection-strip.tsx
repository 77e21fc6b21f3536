import { ArrowLeftRight, Bot, Server, ShieldCheck } from 'lucide-react';
import type { ReactNode } from 'react';
import { StatusDot } from '../../../components/badge.tsx';
import { Card } from '../../../components/card.tsx';
import { ForeignText } from '../../../components/foreign-text.tsx';
import { formatLatency } from '../../../components/format-duration.ts';
import { TimeAgo } from '../../../components/time.tsx';
import type { InstanceSeen, ProxySeen } from '../answers.ts';
import { wordsOfBackend, wordsOfProxy } from '../connection-words.ts';

/** client ⇄ proxy ⇄ backend: who is there and how it is with them. */
export function ConnectionStrip({
  proxy,
  instance,
}: {
  readonly proxy: ProxySeen;
  readonly instance: InstanceSeen;
}) {
  const { status } = instance;
  const isOver = instance.connection === 'disconnected';
  const ofProxy = wordsOfProxy(proxy);
  const ofBackend = wordsOfBackend(instance);
  const { client, backend } = status;
  return (
    <Card
      aria-label="Connections"
      className="grid grid-cols-1 items-stretch divide-y divide-line md:grid-cols-[1fr_auto_1fr_auto_1fr] md:divide-y-0"
    >
      <Party
        icon={<Bot aria-hidden />}
        who="Client"
        name={client === undefined ? 'Not known yet' : <ForeignText text={client.name} max={60} />}
        state={
          isOver
            ? { tone: 'neutral', text: 'Gone' }
            : {
                tone: client === undefined ? 'info' : 'good',
                text: client === undefined ? 'Waiting for its first words' : 'Connected',
              }
        }
      >
        {client?.version !== undefined && <ForeignText text={client.version} max={32} />}
        {status.revision !== undefined && <span>MCP {status.revision}</span>}
      </Party>
      <Between />
      <Party
        icon={<ShieldCheck aria-hidden />}
        who="Proxy"
        name={proxy.name}
        state={isOver ? { tone: 'neutral', text: 'Ended' } : ofProxy}
      >
        <span>mcp-acp {status.program}</span>
        {!isOver && <span>process {status.pid}</span>}
        <span>
          started <TimeAgo time={status.startedAt} />
        </span>
      </Party>
      <Between />
      <Party
        icon={<Server aria-hidden />}
        who="Backend"
        name={<ForeignText text={backend.server?.name ?? backend.id} max={60} />}
        state={ofBackend}
      >
        {backend.server?.version !== undefined && <ForeignText text={backend.server.version} max={32} />}
        <span className="min-w-0 truncate font-mono">
          <ForeignText text={backend.target} max={120} />
        </span>
        {backend.connectMs !== undefined && <span>in {formatLatency(backend.connectMs)}</span>}
        {status.tools !== undefined && <span>{status.tools} tools</span>}
        {backend.retries > 0 && <span>{backend.retries} reconnects</span>}
        {backend.lastError !== undefined && (
          <span className="w-full text-bad">
            <ForeignText text={backend.lastError.error} max={240} /> (
            <TimeAgo time={backend.lastError.time} />)
          </span>
        )}
      </Party>
    </Card>
  );
}

const Between = () => (
  <span aria-hidden className="hidden items-center text-muted md:flex">
    <ArrowLeftRight className="size-4" />
  </span>
);

function Party({
  icon,
  who,
  name,
  state,
  children,
}: {
  readonly icon: ReactNode;
  readonly who: string;
  readonly name: ReactNode;
  readonly state: { readonly tone: Parameters<typeof StatusDot>[0]['tone']; readonly text: string };
  readonly children: ReactNode;
}) {
  return (
    <div className="flex min-w-0 items-start gap-3 px-4 py-3">
      <span className="mt-0.5 flex size-8 shrink-0 items-center justify-center rounded-md bg-sunken text-muted ring-1 ring-inset ring-line [&_svg]:size-4">
        {icon}
      </span>
      <div className="min-w-0 flex-1">
        <div className="flex flex-wrap items-baseline gap-x-2">
          <span className="text-2xs text-muted uppercase tracking-wide">{who}</span>
          <span className="ml-auto inline-flex items-center gap-1.5 text-xs text-muted">
            <StatusDot tone={state.tone} />
            {state.text}
          </span>
        </div>
        <p className="truncate font-medium text-sm">{name}</p>
        <p className="flex min-w-0 flex-wrap gap-x-2.5 text-muted text-xs">{children}</p>
      </div>
    </div>
  );
}
