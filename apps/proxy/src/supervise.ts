import { type BackendEnd, type BackendExit, describeExit } from '@mcp-acp/mcp/backend-end';
import type { End } from '@mcp-acp/mcp/end';
import type { EnforcementPoint } from '@mcp-acp/pipeline/enforcement-point';
import type { ErrorCode } from '@mcp-acp/shared/errors';
import type { Flow } from './flow.ts';
import { startRelay } from './relay.ts';

export interface SuperviseOptions {
  readonly client: End;
  readonly flow: Flow;
  readonly server: BackendEnd;
  readonly point: Omit<EnforcementPoint, 'approvals'>;
  readonly callIdleMs: number;
  /** Settles with the first signal that asks the process to end. */
  readonly signalled: Promise<'signalled'>;
}

export interface InstanceEnd {
  readonly code: number;
  /** Why the session closed, in one word. */
  readonly reason: string;
  readonly backendExit: string;
  /** Set where the backend ended by itself, which nobody wanted. */
  readonly incident?: { readonly code: ErrorCode; readonly detail: string };
}

/** After the client closed its side, how long its last calls may still be answered. Milliseconds. */
const lastAnswersMs = 10_000;
/** How long a backend may take to end by itself once its input is closed (MCP stdio, "Shutdown"). Milliseconds. */
const ownEndMs = 1_000;
/** How long a dead backend's proxy stays to tell a client that has not asked anything yet. Milliseconds. */
const tellMs = 10_000;
const pollMs = 20;
const slowestSweepMs = 2_500;

/**
 * Runs a started instance until its client leaves, its backend dies or a signal comes, and ends the backend with
 * everything it started. The client owns the proxy's life; a dead backend is never started again.
 */
export async function superviseInstance({
  client,
  server,
  point,
  flow,
  callIdleMs,
  signalled,
}: SuperviseOptions): Promise<InstanceEnd> {
  let clientEnded = false;
  let serverEnded = (): void => undefined;
  const serverSilent = new Promise<void>((resolve) => {
    serverEnded = resolve;
  });
  const clientLeft = new Promise<'client_closed' | 'client_gone'>((resolve) => {
    startRelay(
      { client, server, point, flow },
      {
        clientEnded: () => {
          clientEnded = true;
          resolve('client_closed');
        },
        clientGone: () => resolve('client_gone'),
        serverEnded,
      },
    );
  });
  // A backend that closed its output can answer nothing any more: it is ended if it does not end by itself.
  const serverOver = Promise.race([
    server.exited,
    serverSilent.then(() => Promise.race([server.exited, delay(ownEndMs)])).then(() => server.terminate()),
  ]);
  const sweep = setInterval(() => point.sweep(), sweepMs(callIdleMs));
  sweep.unref();

  const first = await Promise.race([clientLeft, signalled, serverOver]);
  try {
    if (typeof first !== 'string') {
      backendGone(point, first);
      const left = Promise.race([clientLeft, signalled]);
      if (!clientEnded) await until(() => point.hasAnswered(), tellMs, left);
      // What it started and left behind goes with it.
      await server.terminate();
      const backendExit = describeExit(first);
      const incident = { code: codeOf(first), detail: backendExit };
      return { code: 1, reason: 'backend_exited', backendExit, incident };
    }
    if (first === 'client_closed') {
      const cutShort = Promise.race([server.exited, signalled]);
      // What still waits for the journal or for a person is sent before the backend's input is closed, and not after it.
      await until(() => point.pendingForServer() === 0, lastAnswersMs, cutShort);
      point.waitNoLonger();
      server.endSending();
      await until(() => point.pendingForClient() === 0, lastAnswersMs, cutShort);
      if (server.endsWithItsInput) await Promise.race([cutShort, delay(ownEndMs)]);
    }
    const exit = await server.terminate();
    if (first === 'client_closed') backendGone(point, exit);
    else point.clientGone();
    return { code: 0, reason: first, backendExit: describeExit(exit) };
  } finally {
    clearInterval(sweep);
  }
}

/** Often enough that a call's silence is noticed within a quarter of what it may last. */
const sweepMs = (callIdleMs: number): number =>
  callIdleMs === 0 ? slowestSweepMs : Math.max(50, Math.min(callIdleMs / 4, slowestSweepMs));

function backendGone(point: Pick<EnforcementPoint, 'backendGone'>, exit: BackendExit): void {
  // It did not end, and may still be running what it was asked.
  if (exit.kind === 'closed') {
    const detail = 'it was closed because the client had left';
    return point.backendGone({ code: 'backend_connection_lost', detail });
  }
  const fix = exit.kind === 'not_started' ? (exit.error.fix ?? '') : '';
  const sentences = [describeExit(exit), fix]
    .map((text) => text.replace(/[. ]+$/, ''))
    .filter((text) => text !== '');
  point.backendGone({ code: codeOf(exit), detail: sentences.join('. ') });
}

const codeOf = ({ kind }: BackendExit): ErrorCode =>
  kind === 'not_started' ? 'backend_not_started' : 'backend_exited';

const delay = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });

/** Waits until `condition` holds, at most `maxMs`, or until `instead` settles. */
async function until(condition: () => boolean, maxMs: number, instead: Promise<unknown>): Promise<void> {
  let isOver = false;
  void instead.then(() => {
    isOver = true;
  });
  for (let waitedMs = 0; waitedMs < maxMs && !isOver && !condition(); waitedMs += pollMs) {
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}
