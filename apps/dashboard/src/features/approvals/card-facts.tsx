import type { Destination, PendingApproval } from '@mcp-acp/shared/live/approval';
import { FileText, Globe, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { Badge } from '../../components/badge.tsx';
import { CopyButton } from '../../components/copy-button.tsx';
import { ForeignText } from '../../components/foreign-text.tsx';
import { formatCount } from '../../components/format-number.ts';
import { AskedName } from './asked-name.tsx';
import { askerWords, isGrave, mayApproveHere, viaWords } from './card-words.ts';
import { TextPieces } from './text-pieces.tsx';

/** The first line that is read: what is to be done, and where. */
export function CardHeadline({
  question,
  namesInstance,
  children,
}: {
  readonly question: PendingApproval;
  /** Several instances of the proxy ask: which one it is has to be said. */
  readonly namesInstance: boolean;
  readonly children: ReactNode;
}) {
  const { tool, title, client, clientVersion, proxy, operations, sideEffects } = question;
  return (
    <header className="px-4 pt-3">
      <div className="flex flex-wrap items-baseline gap-x-2 gap-y-0.5">
        <h3 className="min-w-0 text-base font-semibold">
          <AskedName question={question} />
        </h3>
        {title !== undefined && title !== tool && (
          <span className="min-w-0 text-sm text-muted">
            “<ForeignText text={title} max={120} />”
          </span>
        )}
        <span className="text-xs text-muted sm:ml-auto">{children}</span>
      </div>
      <p className="mt-0.5 flex flex-wrap items-center gap-x-1.5 gap-y-1 text-xs text-muted">
        <span className="font-medium text-ink">
          {client === undefined ? 'An unnamed client' : <ForeignText text={client} max={80} />}
        </span>
        {clientVersion !== undefined && <ForeignText text={clientVersion} max={40} />}
        <span>through</span>
        <span className="font-medium text-ink">{proxy.name}</span>
        {namesInstance && <span className="font-mono">{proxy.instance}</span>}
        {operations.map((operation) => (
          <Badge key={operation}>{operation}</Badge>
        ))}
        {sideEffects
          .filter((effect) => effect !== 'none')
          .map((effect) => (
            <Badge key={effect} tone={isGrave(effect) ? 'bad' : 'warn'}>
              {effect}
            </Badge>
          ))}
      </p>
    </header>
  );
}

/** What should make a person look twice, and what keeps them from approving here. */
export function CardWarnings({ question }: { readonly question: PendingApproval }) {
  const { definition, tool, via, approval, limited } = question;
  const asker = askerWords(question);
  const warnings: ReactNode[] = [];
  if (limited) warnings.push('A rate limit was reached: there were more calls than it lets through unasked.');
  if (tool !== undefined && definition === 'changed') {
    warnings.push('The definition of this tool is not the one it had before.');
  }
  if (tool !== undefined && definition === 'never_seen') {
    warnings.push('The server never listed a tool of this name.');
  }
  if (asker !== undefined) warnings.push(<ForeignText text={asker} max={400} />);
  if (via !== undefined && !mayApproveHere(question)) {
    const command = `mcp-acp approvals show ${approval}`;
    warnings.push(
      <>
        The rule wants the approval from {viaWords(via)}. It can be denied here.
        {via.includes('cli') && (
          <span className="mt-1 flex items-center gap-1 font-mono">
            {command} <CopyButton text={command} label="Copy the command" />
          </span>
        )}
      </>,
    );
  }
  if (warnings.length === 0) return null;
  return (
    <ul className="mx-4 mt-2 space-y-1 rounded-md bg-warn-soft px-2.5 py-1.5 text-xs text-ink">
      {warnings.map((warning, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: each stands at its place.
        <li key={index} className="flex items-start gap-1.5">
          <TriangleAlert aria-hidden className="mt-0.5 size-3.5 shrink-0 text-warn" />
          <span className="min-w-0">{warning}</span>
        </li>
      ))}
    </ul>
  );
}

const roleWords = { source: 'from', dest: 'to' } as const;

/** Places the call names. Those that only occur inside a longer text stand apart: they may be no places at all. */
export function CardDestinations({ question }: { readonly question: PendingApproval }) {
  const { destinations, destinationCount, resource } = question;
  const named = destinations.filter(({ mentioned }) => !mentioned);
  const mentioned = destinations.filter((destination) => destination.mentioned);
  const more = destinationCount - destinations.length;
  if (destinations.length === 0 && resource === undefined) return null;
  return (
    <div className="px-4 pt-2">
      {(named.length > 0 || resource !== undefined) && (
        <ul aria-label="Where" className="space-y-1">
          {resource !== undefined && <Place key="resource" kind="host" text={resource} />}
          {named.map((destination, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: two that are cut may read the same.
            <Place key={index} {...destination} />
          ))}
        </ul>
      )}
      {mentioned.length > 0 && (
        <div className="mt-1.5 text-xs text-muted">
          Also mentioned inside longer text:
          <ul aria-label="Also mentioned" className="mt-0.5 space-y-0.5">
            {mentioned.map((destination, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: two that are cut may read the same.
              <Place key={index} {...destination} />
            ))}
          </ul>
        </div>
      )}
      {more > 0 && (
        <p className="mt-1 text-xs text-warn">And {formatCount(more)} more among the arguments.</p>
      )}
    </div>
  );
}

function Place({
  kind,
  text,
  resolved,
  role,
  mentioned = false,
}: Pick<Destination, 'kind' | 'text' | 'resolved' | 'role'> & { readonly mentioned?: boolean }) {
  const Icon = kind === 'path' ? FileText : Globe;
  return (
    <li className="flex items-start gap-1.5 font-mono text-xs [overflow-wrap:anywhere]">
      <Icon aria-hidden className="mt-0.5 size-3.5 shrink-0 text-muted" />
      <span className="sr-only">{kind === 'path' ? 'Path' : 'Host'}</span>
      <span className="min-w-0">
        {role !== undefined && <span className="font-sans text-muted">{roleWords[role]} </span>}
        <span className={mentioned ? '' : 'text-sm font-semibold text-ink'}>
          <TextPieces text={text} part={{ start: 0, end: text.length }} />
        </span>
        {resolved !== undefined && resolved !== text && (
          <span className="block text-warn">
            <span className="font-sans">leads to </span>
            <TextPieces text={resolved} part={{ start: 0, end: resolved.length }} />
          </span>
        )}
      </span>
    </li>
  );
}

/** Why a person is asked at all. */
export function CardRule({ question }: { readonly question: PendingApproval }) {
  const { rule, ruleDescription, limited } = question;
  return (
    <p className="px-4 pt-2 text-xs text-muted">
      {rule === undefined ? (
        'A rate limit asks, not a rule.'
      ) : (
        <>
          Asked by {limited && 'a rate limit and '}rule <span className="font-mono text-ink">{rule}</span>
          {ruleDescription !== undefined && (
            <>
              : <ForeignText text={ruleDescription} max={1_024} className="text-ink" />
            </>
          )}
        </>
      )}
      <span className="block">
        This question and what is granted end with the session: a restart asks again.
      </span>
    </p>
  );
}
