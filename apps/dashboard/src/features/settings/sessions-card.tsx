'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useApi } from '../../api/use-api.ts';
import { Button } from '../../components/button.tsx';
import { Card, CardHeader } from '../../components/card.tsx';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { ErrorPanel } from '../../components/error-panel.tsx';
import { ForeignText } from '../../components/foreign-text.tsx';
import { formatCounted } from '../../components/format-number.ts';
import { Loading } from '../../components/skeleton.tsx';
import { Cell, HeadCell, Table, TableBody, TableHead, TableRow } from '../../components/table.tsx';
import { TimeAgo } from '../../components/time.tsx';
import { browserOf } from './browser-of.ts';

/** Who is signed in: pages that were unlocked, and scrapers of metrics. */
export function SessionsCard() {
  const api = useApi();
  const queryClient = useQueryClient();
  const { data: sessions, error } = useQuery(api.access.sessions.queryOptions());
  const { data: tokens } = useQuery(api.access.tokens.queryOptions());
  const [ending, setEnding] = useState<{ readonly kind: 'session' | 'token'; readonly id: string }>();
  const onSuccess = () => queryClient.invalidateQueries(api.access.pathFilter());
  const revoke = useMutation(api.access.revoke.mutationOptions({ onSuccess }));
  const revokeToken = useMutation(api.access.revokeToken.mutationOptions({ onSuccess }));
  return (
    <Card aria-label="Sign-in">
      <CardHeader
        title="Sign-in"
        note={sessions === undefined ? undefined : formatCounted(sessions.length, 'unlocked browser')}
      />
      {error !== null && <ErrorPanel error={error} className="m-3" />}
      {sessions === undefined && error === null && <Loading lines={2} />}
      {sessions !== undefined && (
        <Table aria-label="Sessions">
          <TableHead>
            <tr>
              <HeadCell className="pl-4">Browser</HeadCell>
              <HeadCell>Unlocked</HeadCell>
              <HeadCell>Last seen</HeadCell>
              <HeadCell>
                <span className="sr-only">What can be done</span>
              </HeadCell>
            </tr>
          </TableHead>
          <TableBody>
            {sessions.map((session) => (
              <TableRow key={session.id}>
                <Cell className="pl-4">
                  <span title={session.userAgent}>
                    <ForeignText text={browserOf(session.userAgent)} max={80} />
                  </span>
                </Cell>
                <Cell className="whitespace-nowrap text-muted">
                  <TimeAgo time={session.createdAt} />
                </Cell>
                <Cell className="whitespace-nowrap text-muted">
                  <TimeAgo time={session.lastSeenAt} />
                </Cell>
                <Cell className="text-right">
                  <Button
                    size="sm"
                    variant="danger-quiet"
                    onClick={() => setEnding({ kind: 'session', id: session.id })}
                  >
                    Revoke
                  </Button>
                </Cell>
              </TableRow>
            ))}
            {tokens?.map((token) => (
              <TableRow key={token.id}>
                <Cell className="pl-4">
                  Metrics token {token.name !== undefined && <ForeignText text={token.name} max={64} />}
                </Cell>
                <Cell className="whitespace-nowrap text-muted">
                  <TimeAgo time={token.createdAt} />
                </Cell>
                <Cell className="text-muted">–</Cell>
                <Cell className="text-right">
                  <Button
                    size="sm"
                    variant="danger-quiet"
                    onClick={() => setEnding({ kind: 'token', id: token.id })}
                  >
                    Revoke
                  </Button>
                </Cell>
              </TableRow>
            ))}
          </TableBody>
        </Table>
      )}
      <ConfirmDialog
        open={ending !== undefined}
        onOpenChange={(open) => !open && setEnding(undefined)}
        title={ending?.kind === 'token' ? 'Revoke this token?' : 'Revoke this session?'}
        confirm="Revoke"
        onConfirm={() => {
          if (ending === undefined) return;
          (ending.kind === 'session' ? revoke : revokeToken).mutate({ id: ending.id });
          setEnding(undefined);
        }}
      >
        {ending?.kind === 'token'
          ? 'Whatever reads metrics with it is refused from now on.'
          : 'That browser is locked at once. If it is this one, open the dashboard again with: mcp-acp manager open'}
      </ConfirmDialog>
    </Card>
  );
}
