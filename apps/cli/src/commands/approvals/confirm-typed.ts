import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { AcpError } from '@mcp-acp/shared/errors';
import { columnsOf, goesOn, wrap } from './terminal-cells.ts';

/** A person sits there: both ends are a terminal. Flags do not stand in for one. */
export const hasPerson = (): boolean => process.stdin.isTTY === true && process.stderr.isTTY === true;

/** Throws AcpError('usage') where nobody can type. */
export function needPerson(): void {
  if (hasPerson()) return;
  throw new AcpError('usage', 'Only a person answers: this needs a terminal, and something typed in it.', {
    fix: 'Run it in a terminal, or answer in the dashboard: mcp-acp manager open',
  });
}

/** What was typed before the question could be read is no answer to it. Milliseconds. */
const settleMs = 50;

/** What is asked, in rows of the terminal: of what it names, no row begins with what looks like ours. */
export const promptRows = (word: string, toDo: string): readonly string[] =>
  wrap(`Type ${word} to ${toDo}: `, columnsOf(process.stderr) ?? 80, goesOn);

/** Asks for a word to be typed, on stderr. True for that word alone; anything else, and an interruption, is a no. */
export async function confirmTyped(word: string, toDo: string): Promise<boolean> {
  const { stdin } = process;
  const discard = (): void => undefined;
  stdin.on('data', discard);
  await delay(settleMs);
  stdin.off('data', discard);
  const lines = createInterface({ input: stdin, output: process.stderr, terminal: true, historySize: 0 });
  try {
    const typed = await new Promise<string | undefined>((resolve) => {
      lines.once('close', () => resolve(undefined));
      lines.once('SIGINT', () => resolve(undefined));
      lines.question(promptRows(word, toDo).join('\n'), resolve);
    });
    if (typed === undefined) process.stderr.write('\n');
    return typed?.trim() === word;
  } finally {
    lines.close();
    stdin.pause();
  }
}

/** What is typed to grant more than one call: the tool's name where it is one that can be typed. */
export const wordOf = (tool: string | undefined): string =>
  tool !== undefined && /^[A-Za-z0-9][A-Za-z0-9_./:-]{0,63}$/.test(tool) ? tool : 'grant';
