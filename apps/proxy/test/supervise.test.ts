import type { BackendEnd, BackendExit } from '@mcp-acp/mcp/backend-end';
import type { EndListener } from '@mcp-acp/mcp/end';
import type { BackendFailure } from '@mcp-acp/pipeline/context';
import type { EnforcementPoint } from '@mcp-acp/pipeline/enforcement-point';
import { expect, it } from 'vitest';
import { createFlow } from '../src/flow.ts';
import { superviseInstance } from '../src/supervise.ts';

const nothing = () => undefined;

/** What the enforcement point is told when the client leaves and the backend then goes like this. */
async function afterClientLeft(exit: BackendExit): Promise<readonly BackendFailure[]> {
  const told: BackendFailure[] = [];
  const point: Omit<EnforcementPoint, 'approvals'> = {
    from: { client: { line: nothing, oversize: nothing }, server: { line: nothing, oversize: nothing } },
    sweep: nothing,
    backendGone: (failure) => void told.push(failure),
    requestFailed: nothing,
    clientGone: nothing,
    hasAnswered: () => true,
    pendingForServer: () => 0,
    waitNoLonger: () => undefined,
    pendingForClient: () => 0,
    counts: () => ({ inFlight: 0, pending: 0, tools: undefined }),
  };
  const end = { start: nothing, send: () => true, pause: nothing, resume: nothing, endSending: nothing };
  const client = { ...end, start: (listener: EndListener) => setImmediate(listener.ended) };
  const server: BackendEnd = {
    ...end,
    endsWithItsInput: false,
    exited: new Promise(nothing),
    terminate: async () => exit,
  };
  const flow = createFlow({ client, server });
  const signalled = new Promise<never>(nothing);
  const over = await superviseInstance({ client, server, point, flow, callIdleMs: 0, signalled });
  expect(over).toMatchObject({ code: 0, reason: 'client_closed' });
  return told;
}

it('[EXITS-RECORDED] a backend that is let go of as the client leaves has not ended', async () => {
  expect(await afterClientLeft({ kind: 'closed' })).toEqual([
    { code: 'backend_connection_lost', detail: 'it was closed because the client had left' },
  ]);
  expect(await afterClientLeft({ kind: 'exited', code: 0 })).toMatchObject([{ code: 'backend_exited' }]);
});
