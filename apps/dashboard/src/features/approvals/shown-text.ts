import { visible } from '@mcp-acp/shared/visible';

/**
 * Foreign text in the pieces it is shown in. A mark is drawn unlike text, so that text which merely looks like a mark
 * is known for what it is.
 */
export type ShownPiece =
  | { readonly kind: 'text'; readonly text: string }
  /** A character that shows nothing or turns others around: `\u{202e}`. */
  | { readonly kind: 'escape'; readonly text: string }
  | { readonly kind: 'tab' }
  | { readonly kind: 'newline'; readonly text: string }
  /** A run of blanks too long to be shown: it would push away what stands behind it. */
  | { readonly kind: 'blanks'; readonly count: number }
  /** Lines in a row with nothing in them. */
  | { readonly kind: 'lines'; readonly count: number };

/** Blanks and empty lines from which on a run is shortened. Code is indented by fewer. */
export const longRun = { blanks: 32, lines: 5 } as const;

const plain = /[\x21-\x7e]+/y;
const blanks = /[\p{Zs}\t]+/uy;

/** All of the text, nothing left out but the length of long runs, which the piece says. Takes time linear in its length. */
export function shownPieces(text: string): readonly ShownPiece[] {
  const pieces: ShownPiece[] = [];
  let run = '';
  const mark = (piece: ShownPiece): void => {
    if (run !== '') pieces.push({ kind: 'text', text: run });
    run = '';
    pieces.push(piece);
  };

  let at = 0;
  while (at < text.length) {
    const word = matchAt(plain, text, at);
    if (word > 0) {
      run += text.slice(at, at + word);
      at += word;
      continue;
    }
    const blank = matchAt(blanks, text, at);
    if (blank > 0) {
      if (blank >= longRun.blanks) mark({ kind: 'blanks', count: blank });
      else for (const character of text.slice(at, at + blank)) showBlank(character);
      at += blank;
      continue;
    }
    const newline = newlineAt(text, at);
    if (newline > 0) {
      const { lines, length } = emptyLinesFrom(text, at);
      if (lines >= longRun.lines) {
        mark({ kind: 'lines', count: lines });
        at += length;
      } else {
        mark({ kind: 'newline', text: newline === 2 ? '\\r↵' : '↵' });
        at += newline;
      }
      continue;
    }
    const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
    const shown = visible(character);
    if (shown === character) run += character;
    else mark({ kind: 'escape', text: shown });
    at += character.length;
  }
  if (run !== '') pieces.push({ kind: 'text', text: run });
  return pieces;

  function showBlank(character: string): void {
    if (character === ' ') run += character;
    else if (character === '\t') mark({ kind: 'tab' });
    // Looks like a blank, and is none to who reads a path.
    else mark({ kind: 'escape', text: visible(character) });
  }
}

function matchAt(form: RegExp, text: string, at: number): number {
  form.lastIndex = at;
  return form.exec(text)?.[0].length ?? 0;
}

const newlineAt = (text: string, at: number): 0 | 1 | 2 =>
  text[at] === '\n' ? 1 : text[at] === '\r' && text[at + 1] === '\n' ? 2 : 0;

/** How many lines end from here on with nothing but blanks before their end. */
function emptyLinesFrom(text: string, start: number): { readonly lines: number; readonly length: number } {
  let lines = 0;
  let at = start;
  let end = start;
  for (;;) {
    const newline = newlineAt(text, at);
    if (newline === 0) return { lines, length: end - start };
    at += newline;
    end = at;
    lines++;
    at += matchAt(blanks, text, at);
  }
}
