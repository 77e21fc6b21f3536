'use client';

import type { AppRouter } from '@mcp-acp/api/router/app-router';
import type { inferRouterOutputs } from '@trpc/server';
import { ChevronRight } from 'lucide-react';
import { Fragment, useState } from 'react';
import { Badge } from '../../components/badge.tsx';
import { Button } from '../../components/button.tsx';
import { classNames } from '../../components/class-names.ts';
import { ForeignText } from '../../components/foreign-text.tsx';
import { formatCounted } from '../../components/format-number.ts';
import { PageLink } from '../../components/page-link.tsx';
import { Cell, HeadCell, Table, TableBody, TableHead, TableRow } from '../../components/table.tsx';
import { TimeAgo } from '../../components/time.tsx';
import { linkOfIncident } from './incident-record-link.ts';
import { whatToDo } from './what-to-do.ts';

export type Incident = inferRouterOutputs<AppRouter>['history']['incidents']['incidents'][number];

/** One line an incident; opened, what to do about it. Opening one reads it. */
export function IncidentTable({
  incidents,
  onRead,
}: {
  readonly incidents: readonly Incident[];
  readonly onRead: (id: string) => void;
}) {
  const [opened, setOpened] = useState<string>();
  const toggle = (incident: Incident): void => {
    setOpened(opened === incident.id ? undefined : incident.id);
    if (incident.unread) onRead(incident.id);
  };
  return (
    <Table aria-label="Incidents" className="table-fixed">
      <TableHead>
        <tr>
          <HeadCell className="w-8 px-0">
            <span className="sr-only">Unread</span>
          </HeadCell>
          <HeadCell>What happened</HeadCell>
          <HeadCell className="w-36 max-sm:hidden">Proxy</HeadCell>
          <HeadCell className="w-28">When</HeadCell>
        </tr>
      </TableHead>
      <TableBody>
        {incidents.map((incident) => {
          const isOpen = opened === incident.id;
          return (
            <Fragment key={incident.id}>
              <TableRow className={classNames('hover:bg-hover/60', isOpen && 'border-b-0')}>
                <Cell className="px-0 text-center">
                  {incident.unread && (
                    <span className="inline-block size-2 rounded-full bg-info-solid">
                      <span className="sr-only">Unread</span>
                    </span>
                  )}
                </Cell>
                <Cell>
                  <button
                    type="button"
                    aria-expanded={isOpen}
                    onClick={() => toggle(incident)}
                    className="flex w-full min-w-0 items-start gap-1.5 text-left"
                  >
                    <ChevronRight
                      aria-hidden
                      className={classNames(
                        'mt-0.5 size-4 shrink-0 text-muted transition-transform',
                        isOpen && 'rotate-90',
                      )}
                    />
                    <span className="min-w-0">
                      <span className={classNames('mr-2', incident.unread && 'font-semibold')}>
                        {whatToDo(incident.code, incident.proxy).title}
                      </span>
                      {incident.critical && <Badge tone="bad">critical</Badge>}
                      <span className={classNames('block text-xs text-muted', !isOpen && 'truncate')}>
                        <ForeignText text={incident.detail} max={isOpen ? 2_000 : 200} />
                        {incident.count !== undefined &&
                          incident.count > 1 &&
                          ` (${formatCounted(incident.count, 'time')})`}
                      </span>
                    </span>
                  </button>
                </Cell>
                <Cell className="max-sm:hidden">
                  {incident.proxy === undefined ? (
                    <span className="text-muted">manager</span>
                  ) : (
                    <ProxyLink name={incident.proxy} />
                  )}
                </Cell>
                <Cell className="whitespace-nowrap text-muted">
                  <TimeAgo time={incident.time} />
                </Cell>
              </TableRow>
              {isOpen && <Details incident={incident} />}
            </Fragment>
          );
        })}
      </TableBody>
    </Table>
  );
}

function Details({ incident }: { readonly incident: Incident }) {
  const link = linkOfIncident(incident);
  return (
    <TableRow>
      <Cell />
      <Cell colSpan={3} className="pb-4 pl-8.5">
        <p className="text-xs font-medium">What to do</p>
        <ol className="mt-1 list-decimal space-y-0.5 pl-4 text-sm">
          {whatToDo(incident.code, incident.proxy).steps.map((step) => (
            <li key={step}>{step}</li>
          ))}
        </ol>
        <p className="mt-2 flex flex-wrap items-center gap-x-3 gap-y-1 text-xs text-muted">
          <span className="font-mono">{incident.code}</span>
          {incident.instance !== undefined && <span className="font-mono">{incident.instance}</span>}
          {link !== undefined && (
            <Button asChild size="sm">
              <PageLink href={link.href}>{link.label}</PageLink>
            </Button>
          )}
        </p>
      </Cell>
    </TableRow>
  );
}

function ProxyLink({ name }: { readonly name: string }) {
  return (
    <PageLink
      href={`/proxy/${encodeURIComponent(name)}`}
      className="block truncate text-accent underline-offset-4 hover:underline"
    >
      <ForeignText text={name} max={64} />
    </PageLink>
  );
}
