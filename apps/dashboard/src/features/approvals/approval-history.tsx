'use client';

import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Scale } from 'lucide-react';
import { Suspense, useDeferredValue, useState } from 'react';
import { useApi } from '../../api/use-api.ts';
import { Badge } from '../../components/badge.tsx';
import { Button } from '../../components/button.tsx';
import { ErrorPanel } from '../../components/error-panel.tsx';
import { FilterChips } from '../../components/filter-chips.tsx';
import { ForeignText } from '../../components/foreign-text.tsx';
import { formatSpan } from '../../components/format-duration.ts';
import { formatTime } from '../../components/format-time.ts';
import { Input } from '../../components/input.tsx';
import { PageLink } from '../../components/page-link.tsx';
import { Select } from '../../components/select.tsx';
import { Loading } from '../../components/skeleton.tsx';
import { Cell, HeadCell, Table, TableBody, TableHead, TableRow } from '../../components/table.tsx';
import { useRemembered } from '../../components/use-remembered.ts';
import { lazyPart } from '../../live/lazy-part.ts';
import { everything, historyQuery, historyViews, whatHappened } from './history-filters.ts';
import { useLaterEnds } from './use-later-ends.ts';

const MakeRuleDialog = lazyPart(async () => (await import('../policy/make-rule-dialog.tsx')).MakeRuleDialog);

/** Records are found in the history a moment after they are written, of which nothing is told. Milliseconds. */
const againMs = 4_000;

/** What was asked before and how it ended, from the history. */
export function ApprovalHistory() {
  const api = useApi();
  const [view, setView] = useRemembered('approvals-view', historyViews, 'answers');
  const [proxy, setProxy] = useState(everything);
  const [tool, setTool] = useState('');
  const [text, setText] = useState('');
  const [ruleOf, setRuleOf] = useState<{
    readonly proxy: string;
    readonly instance: string;
    readonly seq: number;
  }>();
  const narrowed = { proxy, tool: useDeferredValue(tool), text: useDeferredValue(text) };
  const query = historyQuery({ view, ...narrowed });
  const { data: proxies } = useQuery(api.proxies.list.queryOptions());
  const { data, error, isPending, hasNextPage, fetchNextPage, isFetchingNextPage, refetch } =
    useInfiniteQuery(
      api.history.records.infiniteQueryOptions(query, {
        getNextPageParam: ({ cursor }) => cursor,
        staleTime: 0,
        refetchInterval: againMs,
      }),
    );
  const records = data?.pages.flatMap((page) => page.records) ?? [];
  const laterEnd = useLaterEnds(
    narrowed,
    records.some(({ reason }) => reason === 'approval_pending'),
  );

  return (
    <>
      <div className="flex flex-wrap items-center gap-2 border-b border-line p-3">
        <FilterChips
          label="What is listed"
          value={view}
          onChange={setView}
          chips={[
            { value: 'answers', label: 'Calls asked about' },
            { value: 'steps', label: 'Every step' },
          ]}
        />
        <div className="grid w-full grid-cols-2 gap-2 sm:flex sm:w-auto sm:flex-1 sm:flex-wrap sm:justify-end">
          <Select
            label="Proxy"
            size="sm"
            className="sm:w-36"
            value={proxy}
            onValueChange={setProxy}
            options={[
              { value: everything, label: 'All proxies' },
              ...(proxies ?? []).map(({ name }) => ({ value: name, label: name })),
            ]}
          />
          <Input
            aria-label="Tool"
            placeholder="Tool"
            className="h-7 text-xs sm:w-32"
            value={tool}
            onChange={({ target }) => setTool(target.value)}
          />
          <Input
            aria-label="Search the history"
            type="search"
            placeholder="Search"
            className="h-7 text-xs max-sm:col-span-2 sm:w-40"
            value={text}
            onChange={({ target }) => setText(target.value)}
          />
        </div>
      </div>
      {error !== null && <ErrorPanel error={error} onRetry={() => void refetch()} className="m-3" />}
      {isPending ? (
        <Loading />
      ) : (
        <Table aria-label="History">
          <TableHead>
            <tr>
              <HeadCell>Time</HeadCell>
              <HeadCell>What happened</HeadCell>
              <HeadCell>Tool</HeadCell>
              <HeadCell>Proxy</HeadCell>
              <HeadCell>Client</HeadCell>
              <HeadCell>Rule</HeadCell>
              <HeadCell>Waited</HeadCell>
              <HeadCell>
                <span className="sr-only">What can be done</span>
              </HeadCell>
            </tr>
          </TableHead>
          <TableBody>
            {records.map((record) => {
              const told = whatHappened({ ...record, later: laterEnd(record) });
              return (
                <TableRow key={`${record.instance} ${record.seq}`}>
                  <Cell className="whitespace-nowrap text-xs text-muted tabular-nums">
                    <PageLink
                      href={`/proxy/${encodeURIComponent(record.proxy)}?tab=activity&record=${encodeURIComponent(`${record.instance}.${record.seq}`)}`}
                      className="underline decoration-line-strong underline-offset-2 hover:text-ink hover:decoration-current"
                    >
                      {formatTime(record.time)}
                    </PageLink>
                  </Cell>
                  <Cell>
                    <Badge tone={told.tone}>
                      <ForeignText text={told.words} max={40} />
                    </Badge>
                    {told.note !== undefined && <span className="ml-2 text-xs text-muted">{told.note}</span>}
                    {record.type === 'approval' && record.detail !== undefined && (
                      <ForeignText text={record.detail} max={160} className="ml-2 text-xs text-muted" />
                    )}
                  </Cell>
                  <Cell className="min-w-36 font-mono text-xs">
                    <ForeignText text={record.tool ?? record.prompt ?? record.method ?? '–'} max={80} />
                  </Cell>
                  <Cell>{record.proxy}</Cell>
                  <Cell className="min-w-28">
                    <ForeignText text={record.client ?? '–'} max={60} />
                  </Cell>
                  <Cell className="font-mono text-xs text-muted">{record.decidedBy ?? '–'}</Cell>
                  <Cell className="whitespace-nowrap tabular-nums">
                    {record.waitMs === undefined || record.waitMs === 0 ? '–' : formatSpan(record.waitMs)}
                  </Cell>
                  <Cell className="text-right">
                    {record.type === 'decision' && (
                      <Button
                        size="sm"
                        variant="ghost"
                        onClick={() =>
                          setRuleOf({ proxy: record.proxy, instance: record.instance, seq: record.seq })
                        }
                      >
                        <Scale aria-hidden />
                        Make it a rule…
                      </Button>
                    )}
                  </Cell>
                </TableRow>
              );
            })}
          </TableBody>
        </Table>
      )}
      {!isPending && error === null && records.length === 0 && !hasNextPage && (
        <p className="p-4 text-sm text-muted">Nothing on record that fits.</p>
      )}
      {hasNextPage && (
        <div className="border-t border-line p-2 text-center">
          <Button
            size="sm"
            aria-disabled={isFetchingNextPage}
            onClick={() => {
              if (!isFetchingNextPage) void fetchNextPage();
            }}
          >
            {isFetchingNextPage ? 'Loading…' : 'Older'}
          </Button>
        </div>
      )}
      {ruleOf !== undefined && (
        <Suspense fallback={null}>
          <MakeRuleDialog
            proxy={ruleOf.proxy}
            source={{ kind: 'record', instance: ruleOf.instance, seq: ruleOf.seq }}
            open
            onOpenChange={(open) => {
              if (!open) setRuleOf(undefined);
            }}
          />
        </Suspense>
      )}
    </>
  );
}
