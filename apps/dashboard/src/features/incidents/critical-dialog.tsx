'use client';

import { OctagonAlert } from 'lucide-react';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { ForeignText } from '../../components/foreign-text.tsx';
import { formatDateTime } from '../../components/format-time.ts';
import { PageLink } from '../../components/page-link.tsx';
import { linkOfIncident } from './incident-record-link.ts';
import type { Incident } from './incident-table.tsx';
import { whatToDo } from './what-to-do.ts';

/** What must have been seen before anything else is. */
export function CriticalDialog({
  incidents,
  isBusy,
  onAcknowledge,
}: {
  readonly incidents: readonly Incident[];
  readonly isBusy: boolean;
  readonly onAcknowledge: () => void;
}) {
  return (
    <Dialog
      open
      mustAnswer
      onOpenChange={() => undefined}
      title={incidents.length === 1 ? 'A critical incident' : `${incidents.length} critical incidents`}
      description="The record of what your agents did may not be whole. Please read this before you go on."
      footer={
        <Button variant="primary" disabled={isBusy} onClick={onAcknowledge}>
          I have seen this
        </Button>
      }
    >
      <ul className="space-y-4">
        {incidents.map((incident) => {
          const { title, steps } = whatToDo(incident.code, incident.proxy);
          const link = linkOfIncident(incident);
          return (
            <li key={incident.id} className="flex gap-3">
              <OctagonAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-bad" />
              <div className="min-w-0">
                <p className="text-sm font-semibold">{title}</p>
                <p className="text-xs text-muted">
                  {incident.proxy === undefined ? 'manager' : <ForeignText text={incident.proxy} max={64} />}{' '}
                  · {formatDateTime(incident.time)}
                </p>
                <p className="mt-1 text-sm">
                  <ForeignText text={incident.detail} max={1_000} />
                </p>
                <ul className="mt-1 list-disc space-y-0.5 pl-4 text-sm text-muted">
                  {steps.map((step) => (
                    <li key={step}>{step}</li>
                  ))}
                </ul>
                {link !== undefined && (
                  <PageLink
                    href={link.href}
                    onClick={onAcknowledge}
                    className="mt-1.5 inline-block text-sm font-medium text-accent underline-offset-4 hover:underline"
                  >
                    {link.label}
                  </PageLink>
                )}
              </div>
            </li>
          );
        })}
      </ul>
    </Dialog>
  );
}
