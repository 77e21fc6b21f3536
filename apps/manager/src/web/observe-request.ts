import { randomBytes } from 'node:crypto';
import { visible } from '@mcp-acp/shared/visible';
import { newName } from '../access/secrets.ts';
import type { Passed, Refused, RequestFacts } from './request-gate.ts';
import type { WebLog } from './web-ports.ts';

/** A request begins; call what it returns when it is over. Of its address the log gets the path alone. */
export function observeRequest(log: WebLog, { method, target }: RequestFacts, seen: Passed | Refused) {
  const startedMs = performance.now();
  const request = newName((length) => randomBytes(length), 'http_');
  const [path = ''] = target.split(/[?#]/, 1);
  return (status: number, refused: Refused | undefined = seen.ok ? undefined : seen): void => {
    log.request({
      request,
      method: visible(method, 16),
      path: visible(path),
      route: seen.ok ? seen.route : 'refused',
      status,
      durationMs: performance.now() - startedMs,
      ...(refused === undefined ? {} : { code: refused.code, why: refused.why }),
    });
  };
}
