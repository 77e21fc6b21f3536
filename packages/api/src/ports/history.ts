import { proxyNameSchema } from '@mcp-acp/shared/live/instance-status';
import { latencySummarySchema } from '@mcp-acp/shared/live/statistics';
import * as z from 'zod';

const text = z.string().max(256);
const count = z.number().int().nonnegative();

/** Which records: all conditions that are given must hold. Newest first. Times are milliseconds since the epoch. */
export const recordQuerySchema = z.object({
  /** Words; all of them must occur in what is indexed of a record. */
  text: text.optional(),
  proxy: proxyNameSchema.optional(),
  instance: z.string().max(32).optional(),
  tool: text.optional(),
  method: text.optional(),
  type: text.optional(),
  client: text.optional(),
  /** The rule that decided. */
  rule: text.optional(),
  effect: z.enum(['allow', 'ask', 'deny']).optional(),
  disposition: text.optional(),
  /** How the call ended; `none`: it was passed on, and how it ended is not known. */
  status: text.optional(),
  since: z.number().int().optional(),
  until: z.number().int().optional(),
  /** Where the page before ended. */
  cursor: z.string().max(128).optional(),
  limit: z.number().int().min(1).max(200).default(50),
});
export type RecordQuery = z.infer<typeof recordQuerySchema>;

/** A record as the index has it. Durations in milliseconds, sizes in bytes. */
export const historyRecordSchema = z.object({
  proxy: z.string(),
  instance: z.string(),
  seq: count,
  /** RFC 3339. */
  time: z.string(),
  type: z.string(),
  event: z.string().optional(),
  from: z.string().optional(),
  class: z.string().optional(),
  method: z.string().optional(),
  tool: z.string().optional(),
  prompt: z.string().optional(),
  client: z.string().optional(),
  subject: z.string().optional(),
  /** The rule that decided. */
  decidedBy: z.string().optional(),
  effect: z.string().optional(),
  disposition: z.string().optional(),
  reason: z.string().optional(),
  /** Of an outcome, and of a decision whose outcome is known, as are `outcomeReason`, `durationMs` and `backendMs`. */
  status: z.string().optional(),
  outcomeReason: z.string().optional(),
  /** Of a backend. */
  /** Of a session's record the backend's; of a decision `by_grant` where a grant or a mute spoke for it. */
  state: z.string().optional(),
  detail: z.string().optional(),
  requestId: z.string().optional(),
  size: count.optional(),
  /** Of an outcome: the decision's number. Of a decision: its outcome's number and size. */
  decision: count.optional(),
  outcome: count.optional(),
  outcomeSize: count.optional(),
  evalMs: z.number().optional(),
  waitMs: z.number().optional(),
  durationMs: z.number().optional(),
  backendMs: z.number().optional(),
  hash: z.string(),
});
export type HistoryRecord = z.infer<typeof historyRecordSchema>;

export const recordPageSchema = z.object({
  records: z.array(historyRecordSchema),
  /** Where the next page begins. A page that has it may hold fewer records than asked for, or none: the search goes on. */
  cursor: z.string().max(128).optional(),
});
export type RecordPage = z.infer<typeof recordPageSchema>;

export const recordRefSchema = z.object({
  proxy: proxyNameSchema,
  instance: z.string().max(32),
  seq: count,
});
export type RecordRef = z.infer<typeof recordRefSchema>;

/** One record, whole, as its journal has it: read there and checked. */
export const recordDetailSchema = z.object({
  record: z.json(),
  /** Of a decision, where it is known. */
  outcome: z.json().optional(),
  /** The call's arguments where they are kept, redacted: JSON text that may have been cut. */
  payload: z.string().optional(),
});
export type RecordDetail = z.infer<typeof recordDetailSchema>;

export const incidentQuerySchema = z.object({
  proxy: proxyNameSchema.optional(),
  code: text.optional(),
  /** Milliseconds since the epoch. */
  since: z.number().int().optional(),
  unreadOnly: z.boolean().optional(),
  cursor: z.string().max(128).optional(),
  limit: z.number().int().min(1).max(200).default(50),
});
export type IncidentQuery = z.infer<typeof incidentQuerySchema>;

export const incidentPageSchema = z.object({
  incidents: z.array(
    z.object({
      id: z.string().max(128),
      unread: z.boolean(),
      /** A critical one must be acknowledged. */
      critical: z.boolean(),
      proxy: z.string().optional(),
      instance: z.string().optional(),
      time: z.string(),
      code: z.string(),
      detail: z.string(),
      /** How many records, calls or payloads it concerns. */
      count: count.optional(),
      /** The record that says it; absent where none does. */
      seq: count.optional(),
    }),
  ),
  /** Unread ones in all, whatever was asked for. */
  unread: count,
  cursor: z.string().max(128).optional(),
});
export type IncidentPage = z.infer<typeof incidentPageSchema>;

export const incidentsReadSchema = z.union([
  z.object({ ids: z.array(z.string().max(128)).min(1).max(500) }),
  z.object({ until: z.number().int() }),
]);
export type IncidentsRead = z.infer<typeof incidentsReadSchema>;

/** How often a rule decided or matched in the history. */
export const ruleHitsSchema = z.object({
  rule: z.string(),
  hits: count,
  /** Milliseconds since the epoch. */
  lastHit: z.number().int().optional(),
});
export type RuleHits = z.infer<typeof ruleHitsSchema>;

/** Redacted, and possibly cut: JSON text. */
export const lastApprovedSchema = z.object({ time: z.string(), arguments: z.string() });
export type LastApproved = z.infer<typeof lastApprovedSchema>;

/** So many buckets can be asked for at once. */
export const mostSeriesPoints = 1_500;

/** Of all proxies, of one, of a tool, or of a tool of one. Times are milliseconds since the epoch. */
export const seriesQuerySchema = z.object({
  proxy: proxyNameSchema.optional(),
  tool: text.optional(),
  since: z.number().int(),
  until: z.number().int(),
  bucketMinutes: z.number().int().min(1).max(1440).default(1),
});
export type SeriesQuery = z.infer<typeof seriesQuerySchema>;

export const seriesPointSchema = z.object({
  /** Beginning of the bucket, milliseconds since the epoch. */
  start: z.number().int(),
  requests: count,
  /** Requests that were passed on, and that were refused. */
  allowed: count,
  denied: count,
  /** Requests for which the policy said so. */
  effects: z.object({ allow: count, ask: count, deny: count }),
  /** Calls that were passed on, by how they ended. */
  outcomes: z.record(z.string(), count),
  latency: z.object({
    call: latencySummarySchema,
    backend: latencySummarySchema,
    evaluation: latencySummarySchema,
    humanWait: latencySummarySchema,
  }),
});
export type SeriesPoint = z.infer<typeof seriesPointSchema>;

export const historyStateSchema = z.object({
  state: z.enum(['catching_up', 'current', 'rebuilding', 'unavailable']),
  records: count,
  /** Of the journals, not read yet. */
  behindBytes: count,
  problem: z.string().optional(),
});
export type HistoryState = z.infer<typeof historyStateSchema>;

export const rebuildProgressSchema = z.object({ doneBytes: count, totalBytes: count, records: count });
export type RebuildProgress = z.infer<typeof rebuildProgressSchema>;

/** The searchable past, projected from the journals. Throws AcpError('history_unavailable') where it cannot be used. */
export interface HistoryPort {
  /** Throws AcpError('bad_request') on a cursor that is none. */
  records(query: RecordQuery): Promise<RecordPage>;
  /** Throws AcpError: 'not_found' where the journal itself is gone, 'audit_tampered' where it says something else now. */
  record(ref: RecordRef): Promise<RecordDetail | undefined>;
  incidents(query: IncidentQuery): Promise<IncidentPage>;
  /** `until`: milliseconds since the epoch; all up to then are read. */
  readIncidents(read: IncidentsRead): Promise<void>;
  /** Rules by how often they decided since then. */
  ruleHits(query: { readonly proxy: string; readonly since: number }): Promise<readonly RuleHits[]>;
  /** The newest call of the tool that a person approved, whose arguments are kept. */
  lastApproved(query: { readonly proxy: string; readonly tool: string }): Promise<LastApproved | undefined>;
  /** Buckets in which anything happened, oldest first. Throws AcpError('bad_request') on more than {@link mostSeriesPoints}. */
  series(query: SeriesQuery): Promise<readonly SeriesPoint[]>;
  /** From memory. */
  state(): HistoryState;
  /** The history in use stays until the new one is whole. Ends early with the signal, and then nothing has changed. */
  rebuild(signal: AbortSignal): AsyncIterable<RebuildProgress>;
}
