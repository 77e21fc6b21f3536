'use client';

import { useQuery } from '@tanstack/react-query';
import { useApi } from '../../api/use-api.ts';
import { Card, CardHeader } from '../../components/card.tsx';
import { ErrorPanel } from '../../components/error-panel.tsx';
import { formatBytes } from '../../components/format-number.ts';
import { Loading } from '../../components/skeleton.tsx';
import { Cell, HeadCell, Table, TableBody, TableHead, TableRow } from '../../components/table.tsx';

/** What lies on the disk, and for whom. */
export function StorageCard() {
  const api = useApi();
  const { data, error, refetch } = useQuery(api.manager.storage.queryOptions());
  const { data: manager } = useQuery(api.manager.status.queryOptions());
  const journals = data?.proxies.map(({ journals, payloads, other }) => journals + payloads + other) ?? [];
  const total =
    data === undefined
      ? undefined
      : data.history + data.archive + data.manager + journals.reduce((sum, bytes) => sum + bytes, 0);
  return (
    <Card aria-label="Storage">
      <CardHeader title="Storage" note={total === undefined ? undefined : `${formatBytes(total)} in all`} />
      {error !== null && <ErrorPanel error={error} onRetry={() => void refetch()} className="m-3" />}
      {data === undefined && error === null && <Loading lines={3} />}
      {data !== undefined && (
        <Table aria-label="Storage">
          <TableHead>
            <tr>
              <HeadCell className="pl-4">What</HeadCell>
              <HeadCell className="text-right">Journals</HeadCell>
              <HeadCell className="text-right">Arguments kept</HeadCell>
              <HeadCell className="pr-4 text-right">Other</HeadCell>
            </tr>
          </TableHead>
          <TableBody className="tabular-nums">
            {data.proxies.map(({ name, ...used }) => (
              <TableRow key={name}>
                <Cell className="pl-4">{name}</Cell>
                <Cell className="text-right">{formatBytes(used.journals)}</Cell>
                <Cell className="text-right">{formatBytes(used.payloads)}</Cell>
                <Cell className="pr-4 text-right">{formatBytes(used.other)}</Cell>
              </TableRow>
            ))}
            {(
              [
                ['Searchable history', data.history],
                ['Manager', data.manager],
                ['Archive of removed proxies', data.archive],
              ] as const
            ).map(([name, used]) => (
              <TableRow key={name}>
                <Cell className="pl-4 text-muted">{name}</Cell>
                <Cell />
                <Cell />
                <Cell className="pr-4 text-right">{formatBytes(used)}</Cell>
              </TableRow>
            ))}
          </TableBody>
        </Table>
      )}
      {manager !== undefined && (
        <p className="border-t border-line px-4 py-2 text-xs text-muted">
          mcp-acp {manager.program} · 127.0.0.1:{manager.port} ·{' '}
          <span className="font-mono">{manager.home}</span>
        </p>
      )}
    </Card>
  );
}
