'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useApi } from '../../../api/use-api.ts';
import { Badge } from '../../../components/badge.tsx';
import { Button } from '../../../components/button.tsx';
import { Card } from '../../../components/card.tsx';
import { ConfirmDialog } from '../../../components/confirm-dialog.tsx';
import { ErrorPanel } from '../../../components/error-panel.tsx';
import { ForeignText } from '../../../components/foreign-text.tsx';
import { Loading } from '../../../components/skeleton.tsx';
import { Cell, HeadCell, Table, TableBody, TableHead, TableRow } from '../../../components/table.tsx';
import { TimeAgo } from '../../../components/time.tsx';
import { toast } from '../../../components/toast.tsx';
import type { PolicyDraft } from '../draft/use-policy-draft.ts';
import type { PolicySaved, PolicyVersion } from '../policy-answers.ts';
import { VersionDialog } from './version-dialog.tsx';

/** How many are shown before more are asked for. */
const shownAtFirst = 50;

/** Every version there was, newest first; an old one can be looked at and put back. */
export function VersionsPart({
  proxy,
  policy,
  onSaved,
}: {
  readonly proxy: string;
  readonly policy: PolicyDraft;
  readonly onSaved: (saved: PolicySaved) => void;
}) {
  const api = useApi();
  const queryClient = useQueryClient();
  const versions = useQuery(api.policies.versions.queryOptions({ proxy }));
  const running = useQuery(api.proxies.get.queryOptions({ proxy }));
  const [viewed, setViewed] = useState<number>();
  const [restoring, setRestoring] = useState<number>();
  const [most, setMost] = useState(shownAtFirst);
  const restore = useMutation(
    api.policies.restore.mutationOptions({
      onSuccess: (saved, { number }) => {
        void queryClient.invalidateQueries(api.policies.pathFilter());
        toast.success(`Version ${number} is in the policy again, as version ${saved.version}.`);
        onSaved(saved);
      },
    }),
  );
  if (versions.data === undefined) {
    return versions.error === null ? (
      <Loading lines={5} />
    ) : (
      <ErrorPanel error={versions.error} onRetry={() => void versions.refetch()} />
    );
  }
  const inForce = running.data?.instances.at(-1)?.status.policyVersion;
  const newestFirst = versions.data.toReversed();
  return (
    <Card>
      <Table aria-label="Versions">
        <TableHead>
          <tr>
            <HeadCell>Version</HeadCell>
            <HeadCell>Confirmed</HeadCell>
            <HeadCell>By</HeadCell>
            <HeadCell>From</HeadCell>
            <HeadCell>
              <span className="sr-only">What can be done</span>
            </HeadCell>
          </tr>
        </TableHead>
        <TableBody>
          {newestFirst.slice(0, most).map((version) => (
            <VersionRow
              key={version.number}
              version={version}
              isHeld={version.current && version.digest !== inForce && inForce !== undefined}
              onView={() => setViewed(version.number)}
              onRestore={() => setRestoring(version.number)}
            />
          ))}
        </TableBody>
      </Table>
      {newestFirst.length > most && (
        <div className="border-t border-line p-2 text-center">
          <Button size="sm" variant="ghost" onClick={() => setMost(most + shownAtFirst)}>
            Older versions
          </Button>
        </div>
      )}
      {viewed !== undefined && (
        <VersionDialog
          proxy={proxy}
          number={viewed}
          now={policy.saved.text}
          isCurrent={newestFirst.some(({ number, current }) => current && number === viewed)}
          onClose={() => setViewed(undefined)}
          onRestore={() => {
            setViewed(undefined);
            setRestoring(viewed);
          }}
        />
      )}
      <ConfirmDialog
        open={restoring !== undefined}
        onOpenChange={(open) => !open && setRestoring(undefined)}
        title={`Restore version ${restoring ?? ''}?`}
        confirm="Restore"
        danger={false}
        onConfirm={() => restoring !== undefined && restore.mutate({ proxy, number: restoring })}
      >
        Its text becomes a new version and is in force at once: restoring it here confirms it, also where it
        lets more through. What is pending is decided anew.
        {policy.isEdited && ' Your unsaved changes stay, and can be put on top of it.'}
      </ConfirmDialog>
    </Card>
  );
}

function VersionRow({
  version,
  isHeld,
  onView,
  onRestore,
}: {
  readonly version: PolicyVersion;
  /** A proxy runs, and goes on with another version until this one is confirmed. */
  readonly isHeld: boolean;
  readonly onView: () => void;
  readonly onRestore: () => void;
}) {
  const { number, current, confirmed } = version;
  return (
    <TableRow>
      <Cell className="whitespace-nowrap font-medium tabular-nums">
        {number} {current && <Badge tone="good">current</Badge>}
      </Cell>
      <Cell className="whitespace-nowrap">
        {confirmed !== undefined ? (
          <TimeAgo time={confirmed.time} />
        ) : isHeld ? (
          <Badge tone="warn">held until it is confirmed</Badge>
        ) : (
          <span className="text-muted">edited by hand</span>
        )}
      </Cell>
      <Cell>{confirmed === undefined ? '–' : <ForeignText text={confirmed.by} />}</Cell>
      <Cell className="text-muted">
        {confirmed === undefined ? '–' : <ForeignText text={confirmed.channel} />}
      </Cell>
      <Cell className="text-right">
        <div className="flex justify-end gap-1.5">
          <Button size="sm" variant="ghost" aria-label={`View version ${number}`} onClick={onView}>
            View
          </Button>
          {!current && (
            <Button size="sm" aria-label={`Restore version ${number}`} onClick={onRestore}>
              Restore
            </Button>
          )}
        </div>
      </Cell>
    </TableRow>
  );
}
