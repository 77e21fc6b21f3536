import { instanceStatusSchema, proxyNameSchema, timeSchema } from '@mcp-acp/shared/live/instance-status';
import { latencySummarySchema, statisticsSchema } from '@mcp-acp/shared/live/statistics';
import * as z from 'zod';

const instanceSeenSchema = z.object({
  status: instanceStatusSchema.extend({
    statistics: statisticsSchema,
    journal: z.object({ append: latencySummarySchema, sync: latencySummarySchema }).optional(),
  }),
  /** `unresponsive`: its connection stands, but it does not answer. */
  connection: z.enum(['connected', 'unresponsive', 'disconnected']),
  connectedSince: timeSchema,
  disconnectedSince: timeSchema.optional(),
});
export type InstanceSeen = z.infer<typeof instanceSeenSchema>;

/** A proxy as the manager sees it. `last` keeps the figures of the session that ended last. */
export const proxySeenSchema = z.object({
  name: proxyNameSchema,
  /** Absent where its configuration cannot be read. */
  id: z.string().max(32).optional(),
  configured: z.boolean(),
  enabled: z.boolean(),
  connection: z.enum(['connected', 'unresponsive', 'disconnected', 'never']),
  connectedSince: timeSchema.optional(),
  disconnectedSince: timeSchema.optional(),
  lastError: z.object({ error: z.string().max(1024), time: timeSchema }).optional(),
  instances: z.array(instanceSeenSchema),
  last: instanceSeenSchema.optional(),
});
export type ProxySeen = z.infer<typeof proxySeenSchema>;

/** All live instances together; latencies are those of all their calls. */
export const totalsSchema = z.object({
  proxies: z.number().int(),
  instances: z.number().int(),
  inFlight: z.number().int(),
  pending: z.number().int(),
  statistics: statisticsSchema,
});
export type Totals = z.infer<typeof totalsSchema>;

/** The read model of all proxies. Answers come from memory. */
export interface ProxiesPort {
  list(): readonly ProxySeen[];
  /** Throws AcpError('proxy_unknown'). */
  get(name: string): ProxySeen;
  totals(): Totals;
}
