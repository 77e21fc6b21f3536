import * as z from 'zod';

const count = z.number().int().nonnegative();

/** What one kind of latency was, in milliseconds. Median and 95th percentile are absent where nothing was measured. */
export const latencySummarySchema = z.object({
  count,
  sumMs: z.number().nonnegative(),
  medianMs: z.number().nonnegative().optional(),
  p95Ms: z.number().nonnegative().optional(),
});
export type LatencySummary = z.infer<typeof latencySummarySchema>;

/**
 * What an instance has done since its start. `requests` are access and discovery requests of either side and unreadable
 * messages; each is `allowed` (it was passed on) or `denied` (it was refused, for whatever reason). `asked` are those for
 * which the policy wanted a person, whatever became of them.
 */
export const statisticsSchema = z.object({
  requests: count,
  allowed: count,
  denied: count,
  asked: count,
  latency: z.object({
    /** From the last byte of an access request until its answer was ready to leave. */
    call: latencySummarySchema,
    /** From handing it to the backend until the answer had come. */
    backend: latencySummarySchema,
    /** Deciding under the policy. */
    evaluation: latencySummarySchema,
    /** Waiting for a person; calls nobody had to wait for are no sample. */
    humanWait: latencySummarySchema,
  }),
});
export type Statistics = z.infer<typeof statisticsSchema>;
