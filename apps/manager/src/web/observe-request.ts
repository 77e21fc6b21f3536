import { randomBytes } from 'node:crypto';
import { newName } from '@mcp-acp/shared/ids';
import { visible } from '@mcp-acp/shared/visible';
import type { LineBudget } from './line-budget.ts';
import type { Passed, Refused, RequestFacts } from './request-gate.ts';
import type { WebLog } from './web-ports.ts';

export interface ObservedRequest {
  /** What the log calls it, and the operation it asks for. */
  readonly id: string;
  /** Whoever asks has shown that they may. */
  recognised(): void;
  /** `refused`: why it was not answered as it asked. */
  over(status: number, refused?: Refused): void;
}

/**
 * A request begins. Of its address the log gets the path alone. Every one is counted; of those that nobody vouches for
 * only as many become lines as `strangers` has room for.
 */
export function observeRequest(
  { log, strangers }: { readonly log: WebLog; readonly strangers: LineBudget },
  { method, target }: RequestFacts,
  seen: Passed | Refused,
): ObservedRequest {
  const startedMs = performance.now();
  const id = newName((length) => randomBytes(length), 'req_');
  const [path = ''] = target.split(/[?#]/, 1);
  let isRecognised = false;
  return {
    id,
    recognised: () => {
      isRecognised = true;
    },
    over: (status, refused = seen.ok ? undefined : seen) => {
      const durationMs = performance.now() - startedMs;
      const route = seen.ok ? seen.route : 'refused';
      const counted = { method: visible(method, 16), route, status, durationMs } as const;
      log.counted(counted);
      if (!isRecognised && !strangers.spend()) return;
      const why = refused === undefined ? {} : { code: refused.code, why: refused.why };
      log.request({ request: id, path: visible(path), ...counted, ...why });
    },
  };
}
