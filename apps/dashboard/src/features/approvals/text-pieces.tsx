import { Fragment, type ReactNode } from 'react';
import { formatCount } from '../../components/format-number.ts';
import type { TextPart } from './long-text.ts';
import { type ShownPiece, shownPieces } from './shown-text.ts';

/** A part of a foreign text, drawn with what is hidden in it, and with what differs in it set apart. */
export function TextPieces({
  text,
  part,
  changed,
}: {
  readonly text: string;
  readonly part: TextPart;
  readonly changed?: TextPart | undefined;
}) {
  const from = Math.min(Math.max(changed?.start ?? part.end, part.start), part.end);
  const to = Math.min(Math.max(changed?.end ?? part.end, from), part.end);
  return (
    <bdi>
      <Pieces text={text.slice(part.start, from)} />
      {to > from && (
        <mark className="rounded-sm bg-warn-soft text-ink underline decoration-warn decoration-2 underline-offset-2">
          <Pieces text={text.slice(from, to)} />
        </mark>
      )}
      <Pieces text={text.slice(to, part.end)} />
    </bdi>
  );
}

function Pieces({ text }: { readonly text: string }) {
  if (text === '') return null;
  return shownPieces(text).map((piece, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text stay in their order.
    <Fragment key={index}>{drawn(piece)}</Fragment>
  ));
}

function drawn(piece: ShownPiece): ReactNode {
  switch (piece.kind) {
    case 'text':
      return piece.text;
    case 'escape':
      return (
        <Mark title="A character that cannot be seen" loud>
          {piece.text}
        </Mark>
      );
    case 'tab':
      return <Mark title="Tab">⇥</Mark>;
    case 'newline':
      return (
        <>
          <Mark title="Line break">{piece.text}</Mark>
          <br />
        </>
      );
    case 'blanks':
      return (
        <Mark title="Shortened: all blanks" loud>
          {formatCount(piece.count)} blanks
        </Mark>
      );
    case 'lines':
      return (
        <>
          <Mark title="Shortened: lines with nothing in them" loud>
            {formatCount(piece.count)} empty lines
          </Mark>
          <br />
        </>
      );
  }
}

function Mark({
  title,
  loud = false,
  children,
}: {
  readonly title: string;
  readonly loud?: boolean;
  readonly children: ReactNode;
}) {
  return (
    <span
      title={title}
      className={
        loud
          ? 'mx-px rounded-sm bg-bad-soft px-1 font-sans text-2xs font-medium text-bad'
          : 'select-none px-px text-muted'
      }
    >
      {children}
    </span>
  );
}
