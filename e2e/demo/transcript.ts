import { createInterface } from 'node:readline/promises';
import { visible } from '@mcp-acp/shared/visible';

/** A step of the demo did not show what it claims to show. */
export class DemoFailed extends Error {
  override readonly name = 'DemoFailed';
}

/** Throws where a step does not show what it claims. */
export function claim(holds: boolean, what: string): asserts holds {
  if (!holds) throw new DemoFailed(what);
}

const coloured = process.stdout.isTTY === true && process.env.NO_COLOR === undefined;
const paint = (code: number) => (text: string) => (coloured ? `\u001b[${code}m${text}\u001b[0m` : text);
const [bold, faint, green, red, yellow] = [paint(1), paint(2), paint(32), paint(31), paint(33)];

export interface Transcript {
  heading(text: string): void;
  /** A command a reader could type. */
  command(text: string): void;
  /** Text as it is, indented. */
  quote(text: string): void;
  say(text: string): void;
  agentAsks(text: string): void;
  decided(verdict: keyof typeof verdictColour, why: string): void;
  agentIsTold(text: string): void;
  personIsAsked(text: string): void;
  personAnswers(text: string): void;
  /** Waits for Enter on a terminal; goes on at once anywhere else. */
  pause(): Promise<void>;
}

const verdictColour = {
  allowed: green,
  denied: red,
  approved: green,
  refused: red,
  unanswered: red,
} as const;

export function createTranscript(waits: boolean): Transcript {
  const print = (text = ''): void => {
    process.stdout.write(`${text}\n`);
  };
  let number = 0;
  return {
    heading: (text) => print(`\n${bold(`${++number}. ${text}`)}\n`),
    command: (text) => print(`   ${faint('$')} ${text}`),
    quote: (text) => {
      for (const line of text.trimEnd().split('\n')) print(`   ${faint('│')} ${line}`);
    },
    say: (text) => print(`   ${text}`),
    agentAsks: (text) => print(`\n   agent    ${visible(text, 200)}`),
    decided: (verdict, why) => print(`   decided  ${verdictColour[verdict](verdict)}: ${why}`),
    agentIsTold: (text) => {
      const [first = '', ...more] = text.trimEnd().split('\n');
      print(`   told     ${visible(first, 300)}`);
      for (const line of more) print(`            ${visible(line, 300)}`);
    },
    personIsAsked: (text) => print(`   asked    ${yellow('waits for a person')}: ${visible(text, 200)}`),
    personAnswers: (text) => print(`   person   ${visible(text, 200)}`),
    pause: async () => {
      if (!waits) return;
      const reader = createInterface({ input: process.stdin, output: process.stdout });
      await reader.question(faint('\n   Press Enter to go on '));
      reader.close();
    },
  };
}
