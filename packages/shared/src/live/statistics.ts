import * as z from 'zod';
import { mostDecidedRows, mostToolName, mostToolRows } from './statistics-bounds.ts';

const count = z.number().int().nonnegative();

/** What one kind of latency was, in milliseconds. Median and 95th percentile are absent where nothing was measured. */
export const latencySummarySchema = z
  .object({
    count,
    sumMs: z.number().nonnegative(),
    medianMs: z.number().nonnegative().optional(),
    p95Ms: z.number().nonnegative().optional(),
  })
  .meta({ id: 'LatencySummary' });

const latencies = <Summary extends z.ZodType>(summary: Summary) =>
  z.object({
    /** From the last byte of an access request until its answer was ready to leave, without the time a person took. */
    call: summary,
    /** From handing it to the backend until the answer had come. */
    backend: summary,
    /** Deciding under the policy. */
    evaluation: summary,
    /** Waiting for a person; calls nobody had to wait for are no sample. */
    humanWait: summary,
  });

const counts = { requests: count, allowed: count, denied: count, asked: count };

/**
 * What an instance has done since its start. `requests` are access and discovery requests of either side and unreadable
 * messages; each is `allowed` (it was passed on), `denied` (it was refused by the policy, a person, a limit or a check), or
 * neither (it was taken back, nobody answered, or it could not be sent). `asked` are those for which the policy wanted a
 * person, whatever became of them.
 */
export const statisticsSchema = z
  .object({ ...counts, latency: latencies(latencySummarySchema) })
  .meta({ id: 'Statistics' });
export type Statistics = z.infer<typeof statisticsSchema>;

const countedLatency = latencySummarySchema.extend({ buckets: z.array(z.tuple([count, count])).max(512) });

/**
 * The same with the counts of the histograms, so that those of several instances can be added, and with counts by kind,
 * which differ between two statements by exactly what happened in between.
 */
export const countedStatisticsSchema = z
  .object({
    ...counts,
    latency: latencies(countedLatency),
    /** `requests` by what the policy said, absent where it was not asked, and by what was done. */
    decided: z
      .array(
        z.object({
          effect: z.enum(['allow', 'ask', 'deny']).optional(),
          disposition: z.string().max(16),
          count,
        }),
      )
      .max(mostDecidedRows)
      .optional(),
    /**
     * Tool calls that are over: by the status of their outcome, or by their disposition where they were not passed on.
     * Tools there was no row for are `other`.
     */
    toolCalls: z
      .array(z.object({ tool: z.string().max(mostToolName), status: z.string().max(32), count }))
      .max(mostToolRows)
      .optional(),
  })
  .meta({ id: 'CountedStatistics' });
export type CountedStatistics = z.infer<typeof countedStatisticsSchema>;

/** What an instance's journal takes: handing the records of one commit to the kernel, and one sync of the disk. */
export const journalTimesSchema = z
  .object({ append: countedLatency, sync: countedLatency })
  .meta({ id: 'JournalTimes' });
export type JournalTimes = z.infer<typeof journalTimesSchema>;
