import type { RecordBody } from '@mcp-acp/shared/journal-record';
import fc from 'fast-check';
import { begin, decision, outcome } from './workshop.ts';

const ms = fc.nat({ max: 5_000_000 }).map((us) => us / 1000);
const tool = fc.constantFrom(undefined, 'read_file', 'write_file', 'Delete_Row', 'suche_ÄÖ');

const decided = fc
  .record({
    class: fc.constantFrom('access', 'access', 'access', 'discovery', 'notification', 'unreadable'),
    tool,
    method: fc.constantFrom('tools/call', 'resources/read', 'initialize', undefined),
    effect: fc.constantFrom('allow', 'ask', 'deny', undefined),
    disposition: fc.constantFrom('forwarded', 'forwarded', 'observed', 'denied', 'unanswered'),
    evalMs: fc.option(ms, { nil: undefined }),
    waitMs: fc.option(ms, { nil: undefined }),
    client: fc.constantFrom('claude', 'cursor'),
  })
  .map((members) => decision(members as Parameters<typeof decision>[0]));

/** `of`: how many records back its decision lies, if that is one. */
const finished = fc
  .record({
    of: fc.integer({ min: 1, max: 6 }),
    status: fc.constantFrom('ok', 'tool_error', 'timed_out'),
    durationMs: ms,
    backendMs: fc.option(ms, { nil: undefined }),
  })
  .map(({ of, ...members }) => ({ of, body: members }));

const other = fc.constantFrom<RecordBody>(
  { type: 'session', event: 'opened', program: '0.1.0', backend: 'files (stdio)', subject: 'local:ann' },
  { type: 'session', event: 'closed', reason: 'client_closed' },
  { type: 'tool', event: 'seen', tool: 'read_file', digest: 'ab' },
  { type: 'policy', event: 'rejected', version: 'cd', problem: '3:5: Unknown key' },
  { type: 'incident', code: 'payloads_unavailable', detail: 'ENOSPC', count: 3 },
);

/** Records of one stream: decisions, outcomes of those or of nothing, and others, up to an hour apart, not always in order. */
export const bodies = fc
  .array(
    fc.tuple(
      fc.integer({ min: -20_000, max: 3_600_000 }),
      fc.oneof(
        { weight: 4, arbitrary: decided },
        { weight: 4, arbitrary: finished },
        { weight: 1, arbitrary: other },
      ),
    ),
    { minLength: 1, maxLength: 40 },
  )
  .map((drawn) => {
    let time = begin;
    return drawn.map(([later, body], index): readonly [number, RecordBody] => {
      time += later;
      return [time, 'of' in body ? outcome(Math.max(1, index + 1 - body.of), body.body as object) : body];
    });
  });
