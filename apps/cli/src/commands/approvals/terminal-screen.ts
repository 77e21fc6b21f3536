import { writeSync } from 'node:fs';
import { type Key, keysIn } from './terminal-keys.ts';
import type { Size } from './watch-frame.ts';

/** The whole terminal, lent to a live view. It must be given back, which the end of the process does too. */
export interface Screen {
  size(): Size;
  draw(lines: readonly string[], selected: number | undefined): void;
  close(): void;
}

export interface ScreenListener {
  /** All that came at once, in order. */
  keys(keys: readonly Key[]): void;
  resized(): void;
  /** Nobody can type any more. */
  gone(): void;
}

/** A line that is wider than was counted does not go on in the next one, where it would be drawn over. */
const enter = '\u001b[?1049h\u001b[?25l\u001b[?7l';
const leave = '\u001b[?7h\u001b[?25h\u001b[?1049l';

/** A terminal that does not say how large it is, is one of these. */
const usual: Size = { columns: 80, rows: 24 };

export function openScreen({ keys, resized, gone }: ScreenListener): Screen {
  const { stdin, stdout } = process;
  let shown = '';
  let isOpen = true;
  const write = (text: string): void => {
    try {
      writeSync(1, text);
    } catch {
      // A terminal that is gone, or is not read now, is drawn anew with the next change.
      shown = '';
    }
  };
  const onData = (chunk: string): void => keys(keysIn(chunk));
  const onResize = (): void => {
    shown = '';
    resized();
  };
  const close = (): void => {
    if (!isOpen) return;
    isOpen = false;
    stdin.off('data', onData).off('end', gone).off('error', gone).pause();
    stdout.off('resize', onResize);
    process.off('exit', close);
    try {
      stdin.setRawMode(false);
    } catch {
      // It is gone.
    }
    write(leave);
  };
  stdin.setRawMode(true);
  stdin.setEncoding('utf8').on('data', onData).once('end', gone).once('error', gone).resume();
  stdout.on('resize', onResize);
  process.once('exit', close);
  write(enter);

  return {
    size: () => ({
      columns: stdout.columns > 0 ? stdout.columns : usual.columns,
      rows: stdout.rows > 0 ? stdout.rows : usual.rows,
    }),
    draw: (lines, selected) => {
      const drawn = lines.map((line, index) => {
        const text = index === selected ? `\u001b[7m${line}\u001b[27m` : line;
        return `\u001b[${index + 1};1H${text}\u001b[K`;
      });
      const frame = `${drawn.join('')}\u001b[J`;
      if (frame === shown) return;
      shown = frame;
      write(frame);
    },
    close,
  };
}
