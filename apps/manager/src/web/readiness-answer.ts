import { type Answer, json } from './answers.ts';
import type { ReadinessReport } from './web-ports.ts';

/**
 * What a probe is told: which parts work, in a word each. Why one does not, and which servers can be reached, is for an
 * unlocked page.
 */
export function readinessAnswer({ checks, backends }: ReadinessReport, isOperator: boolean): Answer {
  const parts = Object.entries(checks);
  const isReady = parts.every(([, { ok }]) => ok);
  const words = Object.fromEntries(parts.map(([name, { ok }]) => [name, ok ? 'ok' : 'not ok']));
  return json(isReady ? 200 : 503, {
    ready: isReady,
    checks: isOperator ? checks : words,
    ...(isOperator ? { backends } : {}),
  });
}
