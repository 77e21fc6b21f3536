import { AcpError } from '@mcp-acp/shared/errors';
import type { LineOptions, OpenLine } from '../loaded-later/open-line.ts';
import type { Conversation, Era, Reply } from './conversation.ts';
import { greet } from './greet.ts';
import type { Way } from './way.ts';

export interface SpeakOptions extends LineOptions {
  readonly era: Era;
  /** What the client calls itself. */
  readonly name: string;
  readonly version: string;
}

/** What came of speaking to a server: what was done with it, or why it could not be greeted. */
export type Spoken<Result> =
  | { readonly ok: true; readonly result: Result; readonly line: ClosedLine }
  | {
      readonly ok: false;
      readonly reply: Exclude<Reply, { readonly kind: 'result' }>;
      readonly line: ClosedLine;
    };

export type ClosedLine = Pick<OpenLine, 'stderr' | 'pid' | 'transport'>;

/**
 * Opens a connection, greets the server, does one thing, and closes it again, whatever happens. An interruption ends
 * every wait, so that a started program is ended with the rest. Throws AcpError('usage') where it was interrupted.
 */
export async function speak<Result>(
  way: Way,
  options: SpeakOptions,
  act: (conversation: Conversation, line: ClosedLine) => Promise<Result>,
): Promise<Spoken<Result>> {
  // Few commands speak to servers, and they load more than all others.
  const { openLine } = await import('../loaded-later/open-line.ts');
  const line = openLine(way, options);
  let interrupted = false;
  const interrupt = (): void => {
    interrupted = true;
    line.exchange.giveUp('internal', 'it was interrupted');
  };
  for (const signal of signals) process.once(signal, interrupt);
  let spoken: Spoken<Result>;
  try {
    const greeting = await greet(line.exchange, options.era, options);
    spoken = greeting.ok
      ? { ok: true, result: await act(greeting.conversation, line), line }
      : { ok: false, reply: greeting.reply, line };
  } finally {
    for (const signal of signals) process.off(signal, interrupt);
    await line.close();
  }
  if (interrupted) throw new AcpError('usage', 'Stopped.');
  return spoken;
}

const signals = ['SIGINT', 'SIGTERM'] as const;
