import type { TimedClient } from './timed-client.ts';

/** About 300 bytes of call, as an agent's typically is. */
export const typicalCall = {
  name: 'echo',
  arguments: {
    message: 'The quick brown fox jumps over the lazy dog, and then it does so again for good measure.',
    options: { limit: 20, recursive: true, fields: ['name', 'size', 'modified'] },
  },
};

/** The same with a path, which the policy resolves on the disk before it decides. */
export const pathCall = {
  ...typicalCall,
  arguments: { ...typicalCall.arguments, path: 'src/components/button.tsx' },
};

export interface MeasuredRequest {
  readonly title: string;
  readonly method: string;
  readonly params: object;
}

/** What may be measured one after another. */
export const requests = {
  call: { title: 'tools/call', method: 'tools/call', params: typicalCall },
  pathCall: { title: 'tools/call with a path', method: 'tools/call', params: pathCall },
  list: { title: 'tools/list', method: 'tools/list', params: {} },
} as const satisfies Record<string, MeasuredRequest>;

export type MeasuredKind = keyof typeof requests;

/** The first calls of a block pay for the caches the others left cold. */
const unmeasured = 10;

/** One call after another; latencies in microseconds, and how many calls there were with those that are not measured. */
export async function oneByOne(
  client: TimedClient,
  { method, params }: MeasuredRequest,
  count: number,
): Promise<{ readonly latencies: number[]; readonly sent: number }> {
  const latencies: number[] = [];
  for (let index = -unmeasured; index < count; index++) {
    const { tookMs } = await client.request(method, params);
    if (index >= 0) latencies.push(tookMs * 1000);
  }
  return { latencies, sent: count + unmeasured };
}

/** Keeps `inFlight` calls waiting for `durationMs`; answers per second. */
export function closedLoop(client: TimedClient, inFlight: number, durationMs: number): Promise<number> {
  const answered = new Promise<number>((resolve) => {
    const start = performance.now();
    const until = start + durationMs;
    let open = 0;
    let done = 0;
    const send = (): void => {
      open++;
      client.send('tools/call', typicalCall, (arrivedMs) => {
        open--;
        done++;
        if (arrivedMs < until) send();
        else if (open === 0) resolve(done / ((arrivedMs - start) / 1000));
      });
    };
    for (let index = 0; index < inFlight; index++) send();
  });
  return Promise.race([answered, client.failed]);
}

/**
 * Calls arrive on a fixed schedule, whatever became of those before, in steps of one millisecond. Each latency counts
 * from the moment the call was due, so that a stall is paid for by every call that fell into it. Microseconds.
 */
export function openLoop(client: TimedClient, callsPerSecond: number, durationMs: number): Promise<number[]> {
  const answered = new Promise<number[]>((resolve) => {
    const total = Math.round((callsPerSecond * durationMs) / 1000);
    const latencies: number[] = [];
    const start = performance.now() + 2;
    let sent = 0;
    const dueMs = (index: number): number => start + Math.floor((index * 1000) / callsPerSecond);
    const tick = (): void => {
      const now = performance.now();
      while (sent < total && dueMs(sent) <= now) {
        const due = dueMs(sent++);
        client.send('tools/call', typicalCall, (arrivedMs) => {
          latencies.push((arrivedMs - due) * 1000);
          if (latencies.length === total) resolve(latencies);
        });
      }
      if (sent < total) setTimeout(tick, 1);
    };
    tick();
  });
  return Promise.race([answered, client.failed]);
}
