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
  effect: z.enum(['allow', 'ask', 'deny']).optional(),
  disposition: text.optional(),
  status: text.optional(),
  since: z.number().int().optional(),
  until: z.number().int().optional(),
  /** Where the page before ended. */
  cursor: z.string().max(128).optional(),
  limit: z.number().int().min(1).max(200).default(50),
});
export type RecordQuery = z.infer<typeof recordQuerySchema>;

/** A record as the index has it. */
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
  client: z.string().optional(),
  effect: z.string().optional(),
  disposition: z.string().optional(),
  reason: z.string().optional(),
  status: z.string().optional(),
  requestId: z.string().optional(),
  decision: count.optional(),
  durationMs: z.number().optional(),
  hash: z.string(),
});
export type HistoryRecord = z.infer<typeof historyRecordSchema>;

export const recordPageSchema = z.object({
  records: z.array(historyRecordSchema),
  cursor: z.string().max(128).optional(),
});
export type RecordPage = z.infer<typeof recordPageSchema>;

export const recordRefSchema = z.object({
  proxy: proxyNameSchema,
  instance: z.string().max(32),
  seq: count,
});
export type RecordRef = z.infer<typeof recordRefSchema>;

/** One record, whole, as its journal has it, with its arguments where they are kept. */
export const recordDetailSchema = z.object({ record: z.json(), payload: z.json().optional() });
export type RecordDetail = z.infer<typeof recordDetailSchema>;

export const incidentQuerySchema = z.object({
  proxy: proxyNameSchema.optional(),
  cursor: z.string().max(128).optional(),
  limit: z.number().int().min(1).max(200).default(50),
});
export type IncidentQuery = z.infer<typeof incidentQuerySchema>;

export const incidentPageSchema = z.object({
  incidents: z.array(
    z.object({
      proxy: z.string().optional(),
      instance: z.string().optional(),
      time: z.string(),
      code: z.string(),
      detail: z.string(),
    }),
  ),
  cursor: z.string().max(128).optional(),
});
export type IncidentPage = z.infer<typeof incidentPageSchema>;

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
  effects: z.record(z.string(), count),
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
  behindBytes: count,
  problem: z.string().optional(),
});
export type HistoryState = z.infer<typeof historyStateSchema>;

export const rebuildProgressSchema = z.object({ doneBytes: count, totalBytes: count, records: count });
export type RebuildProgress = z.infer<typeof rebuildProgressSchema>;

/** The searchable past, projected from the journals. Throws AcpError('history_unavailable') where it cannot be used. */
export interface HistoryPort {
  records(query: RecordQuery): Promise<RecordPage>;
  record(ref: RecordRef): Promise<RecordDetail | undefined>;
  incidents(query: IncidentQuery): Promise<IncidentPage>;
  series(query: SeriesQuery): Promise<readonly SeriesPoint[]>;
  /** From memory. */
  state(): HistoryState;
  rebuild(signal: AbortSignal): AsyncIterable<RebuildProgress>;
}
