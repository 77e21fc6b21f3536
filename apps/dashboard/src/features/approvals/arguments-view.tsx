'use client';

import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useLayoutEffect, useMemo, useRef } from 'react';
import { Button } from '../../components/button.tsx';
import { classNames } from '../../components/class-names.ts';
import { formatCount } from '../../components/format-number.ts';
import { ArgumentLine } from './argument-line.tsx';
import { type ArgumentRow, closedIn, compareArguments, rowsOf } from './argument-rows.ts';
import { DifferenceSummary } from './difference-summary.tsx';
import { type Outline, readOutline } from './json-outline.ts';
import { type Reading, useReading } from './use-reading.ts';

export interface ArgumentsViewProps {
  /** JSON text, or its beginning. */
  readonly json: string;
  /** JSON text of what to compare with, or its beginning. */
  readonly before?: string | undefined;
  /** What was compared with, after "differs from": `the call approved 5 min ago`. */
  readonly beforeWords?: string;
  /** UTF-16 units that are not here yet, and how they are got. */
  readonly rest?: { readonly length: number; readonly isLoading: boolean; readonly load: () => void };
  readonly reading?: Reading;
  /** Names the region. */
  readonly label?: string;
  /** How many long texts are closed; told whenever that changes. */
  readonly onClosed?: (count: number) => void;
}

/** Marks lines whose end was not on the screen yet. */
export const unreadMark = 'data-unread';

/** From so many lines on only those on the screen are drawn. */
const drawnAtOnce = 120;

/** All arguments of a call, with what differs from another one. */
export function ArgumentsView(props: ArgumentsViewProps) {
  const { json, before, beforeWords, rest, label = 'Arguments', onClosed } = props;
  const own = useReading();
  const reading = props.reading ?? own;
  // What is no JSON is shown as the text it is.
  const outline = useMemo<Outline>(
    () => readOutline(json) ?? { root: { kind: 'text', text: json }, cut: false },
    [json],
  );
  const compared = useMemo(() => {
    const was = before === undefined ? undefined : readOutline(before);
    return { ...compareArguments(outline, was), was };
  }, [outline, before]);
  const { isOpen, missEnd } = reading;
  const rows = useMemo(() => rowsOf(compared, isOpen), [compared, isOpen]);
  // Before anybody can answer what was opened, or has come, since the end was seen.
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is other lines that make it another end.
  useLayoutEffect(() => missEnd(), [missEnd, rows]);
  const closed = useMemo(() => closedIn(rows).length, [rows]);
  useEffect(() => onClosed?.(closed), [closed, onClosed]);

  return (
    <div className="min-w-0">
      {compared.was !== undefined && (
        <DifferenceSummary
          count={compared.count}
          more={compared.more}
          words={beforeWords ?? 'the other call'}
          isPart={compared.was.cut || outline.cut}
        />
      )}
      {rows.length === 0 ? (
        <p className="rounded-md border border-line bg-sunken px-3 py-2 text-xs text-muted">
          {json === '' ? 'No arguments.' : 'No arguments: an empty object.'}
          <End of={rows} onSeen={reading.seeEnd} />
        </p>
      ) : rows.length > drawnAtOnce ? (
        <ManyLines rows={rows} reading={reading} label={label} />
      ) : (
        <FewLines rows={rows} reading={reading} label={label} />
      )}
      {rest !== undefined && (
        <div className="mt-1.5 flex flex-wrap items-center gap-2 text-xs text-warn">
          {formatCount(rest.length)} more characters are not shown yet.
          <Button size="sm" onClick={rest.load} aria-disabled={rest.isLoading}>
            {rest.isLoading ? 'Loading…' : 'Load the rest'}
          </Button>
        </div>
      )}
    </div>
  );
}

const box =
  'overflow-auto rounded-md border border-line bg-sunken py-1.5 font-mono text-xs leading-5 focus-visible:outline-offset-[-2px]';

interface LinesProps {
  readonly rows: readonly ArgumentRow[];
  readonly reading: Reading;
  readonly label: string;
}

function FewLines({ rows, reading, label }: LinesProps) {
  return (
    <section
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
      tabIndex={0}
      {...{ [unreadMark]: reading.isEndSeen ? undefined : '' }}
      className={classNames(box, !reading.isAllOpen && 'max-h-80')}
    >
      {rows.map((row) => (
        <ArgumentLine key={row.key} row={row} reading={reading} />
      ))}
      <End of={rows} onSeen={reading.seeEnd} />
    </section>
  );
}

function ManyLines({ rows, reading, label }: LinesProps) {
  const scroll = useRef<HTMLElement>(null);
  const lines = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => 20,
    getItemKey: (index) => rows[index]?.key ?? index,
    overscan: 20,
  });
  return (
    <section
      ref={scroll}
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
      tabIndex={0}
      {...{ [unreadMark]: reading.isEndSeen ? undefined : '' }}
      className={classNames(box, 'h-[60dvh]')}
    >
      <div className="relative" style={{ height: lines.getTotalSize() }}>
        {lines.getVirtualItems().map((line) => {
          const row = rows[line.index];
          return (
            row !== undefined && (
              <div
                key={line.key}
                ref={lines.measureElement}
                data-index={line.index}
                className="absolute inset-x-0 top-0"
                style={{ transform: `translateY(${line.start}px)` }}
              >
                <ArgumentLine row={row} reading={reading} />
              </div>
            )
          );
        })}
      </div>
      <End of={rows} onSeen={reading.seeEnd} />
    </section>
  );
}

/** Behind the last line. It is on the screen where the end is, whatever scrolls around it. */
function End({ of, onSeen }: { readonly of: readonly ArgumentRow[]; readonly onSeen: () => void }) {
  const end = useRef<HTMLSpanElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the end of other lines is looked for anew.
  useEffect(() => {
    const element = end.current;
    if (element === null) return;
    const observer = new IntersectionObserver((entries) => {
      if (entries.some(({ isIntersecting }) => isIntersecting)) onSeen();
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [of, onSeen]);
  return <span ref={end} aria-hidden className="block h-px" />;
}
