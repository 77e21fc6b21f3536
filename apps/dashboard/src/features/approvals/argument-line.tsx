import { redacted } from '@mcp-acp/shared/redaction';
import { memo, type ReactNode } from 'react';
import { classNames } from '../../components/class-names.ts';
import { formatCount, formatCounted } from '../../components/format-number.ts';
import type { ArgumentRow, RowContent } from './argument-rows.ts';
import { linesIn, type TextPart } from './long-text.ts';
import { TextPieces } from './text-pieces.tsx';
import type { Reading } from './use-reading.ts';

const changeWords = { added: 'new', changed: 'changed', removed: 'left out' } as const;
const changeLook = {
  added: 'border-good-solid bg-good-soft',
  changed: 'border-warn-solid',
  removed: 'border-bad-solid bg-bad-soft',
} as const;
const shownRemoved = 400;

/** One line of the arguments, or one part of a text that is longer than a line. */
export const ArgumentLine = memo(function ArgumentLine({
  row,
  reading,
}: {
  readonly row: ArgumentRow;
  readonly reading: Pick<Reading, 'open' | 'close'>;
}) {
  return (
    <div
      className={classNames(
        'border-l-2 border-transparent pr-3 [overflow-wrap:anywhere]',
        row.change !== undefined && changeLook[row.change],
      )}
      // How deep it lies is a number of its own: no class is made of it.
      style={{ paddingLeft: 10 + Math.min(row.depth, 12) * 14 }}
    >
      {row.name !== undefined && (
        <span className="text-accent">
          <TextPieces text={row.name} part={{ start: 0, end: row.name.length }} />
          <span className="text-muted">: </span>
        </span>
      )}
      <Content content={row.content} isPart={row.name === undefined} />
      {row.change !== undefined && row.name !== undefined && (
        <span className="ml-2 inline-block whitespace-nowrap rounded-sm px-1 font-sans text-2xs font-medium text-muted ring-1 ring-line-strong ring-inset">
          {changeWords[row.change]}
        </span>
      )}
      {row.closed !== undefined && row.content.kind === 'text' && (
        <LineButton onClick={() => reading.open(row.closed ?? '')}>
          Show all {formatCount(row.content.text.length)} characters{lineWords(row.content.text)}
        </LineButton>
      )}
      {row.opened !== undefined && row.content.kind === 'text' && (
        <LineButton onClick={() => reading.close(row.opened ?? '')}>
          {formatCount(row.content.text.length)} characters: close
        </LineButton>
      )}
      {row.before !== undefined && (
        <div className="text-muted">
          <span className="font-sans text-2xs font-medium">was </span>
          {row.before.text.includes(redacted) ? (
            <span className="font-sans">hidden in the records; it may be the same</span>
          ) : (
            <Before {...row.before} />
          )}
        </div>
      )}
    </div>
  );
});

const lineWords = (text: string): string => {
  const lines = linesIn(text);
  return lines === 1 ? '' : `, ${formatCount(lines)} lines`;
};

function Content({ content, isPart }: { readonly content: RowContent; readonly isPart: boolean }) {
  switch (content.kind) {
    case 'open':
      return (
        <span className="font-sans text-2xs text-muted">
          {content.bracket === '{'
            ? formatCounted(content.size, 'member')
            : formatCounted(content.size, 'item')}
        </span>
      );
    case 'empty':
      return <span className="text-muted">{content.text}</span>;
    case 'word':
      return <span className="text-info">{content.text}</span>;
    case 'removed':
      return (
        <span className="text-muted line-through">
          <Before text={content.text} part={{ start: 0, end: Math.min(content.text.length, shownRemoved) }} />
        </span>
      );
    case 'text': {
      const { text, part, changed } = content;
      return (
        <span className="whitespace-pre-wrap">
          {part.start === 0 ? <Quote /> : !isPart && <Left count={part.start} where="before" />}
          <TextPieces text={text} part={part} changed={changed} />
          {part.end === text.length ? <Quote /> : !isPart && <span className="text-muted">…</span>}
        </span>
      );
    }
  }
}

const Quote = () => <span className="select-none text-muted">"</span>;

const Left = ({ count, where }: { readonly count: number; readonly where: string }) => (
  <span className="font-sans text-2xs text-muted">
    ({formatCount(count)} characters {where} this) …
  </span>
);

function Before({ text, part }: { readonly text: string; readonly part: TextPart }) {
  const isWhole = part.start === 0 && part.end === text.length;
  return (
    <>
      {part.start > 0 && '… '}
      <TextPieces text={text} part={part} />
      {part.end < text.length && ' …'}
      {!isWhole && <span className="font-sans text-2xs"> ({formatCount(text.length)} characters)</span>}
    </>
  );
}

function LineButton({ onClick, children }: { readonly onClick: () => void; readonly children: ReactNode }) {
  return (
    <button
      type="button"
      onClick={onClick}
      className="ml-1.5 inline-flex min-h-5 items-center rounded px-1 font-sans text-2xs font-medium text-accent underline-offset-2 hover:underline"
    >
      {children}
    </button>
  );
}
