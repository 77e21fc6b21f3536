import * as z from 'zod';
import type { InstanceId, ProxyId } from '../ids.ts';
import { countedStatisticsSchema, journalTimesSchema } from './statistics.ts';

// A brand is a promise to the compiler alone; the pattern is what keeps it.
const proxyIdSchema = z.string().regex(/^px_[a-z2-7]{16}$/) as unknown as z.ZodType<ProxyId, ProxyId>;
const instanceIdSchema = z.string().regex(/^inst_[a-z2-7]{16}$/) as unknown as z.ZodType<
  InstanceId,
  InstanceId
>;
export const proxyNameSchema = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/);
/** Which instance something is about. */
export const originSchema = z
  .object({ id: proxyIdSchema, name: proxyNameSchema, instance: instanceIdSchema })
  .meta({ id: 'EventOrigin' });
/** RFC 3339, UTC. */
export const timeSchema = z
  .string()
  .max(32)
  .refine((text) => !Number.isNaN(Date.parse(text)), 'No time');
/** Words of a client or a backend: data, wherever they are shown. */
export const foreignTextSchema = z.string().max(1024);

export const backendStatusSchema = z
  .object({
    id: foreignTextSchema,
    kind: z.enum(['stdio', 'http']),
    /** The command's program or the URL without user info, query and fragment. */
    target: foreignTextSchema,
    /** As it calls itself; absent until it said so. */
    server: z.object({ name: foreignTextSchema, version: foreignTextSchema.optional() }).optional(),
    state: z.enum(['connecting', 'connected', 'reconnecting', 'failed', 'ended']),
    since: timeSchema,
    /** How long it took to reach that state, where it is one of a connection. Milliseconds. */
    connectMs: z.number().nonnegative().optional(),
    /** How often it was connected to again. */
    retries: z.number().int().nonnegative(),
    /** The newest one, which may be over. */
    lastError: z.object({ error: foreignTextSchema, time: timeSchema }).optional(),
  })
  .meta({ id: 'BackendStatus' });
export type BackendStatus = z.infer<typeof backendStatusSchema>;

/** One running instance of a proxy, as it tells of itself. */
export const instanceStatusSchema = z
  .object({
    proxyId: proxyIdSchema,
    name: proxyNameSchema,
    instance: instanceIdSchema,
    pid: z.number().int().positive(),
    program: z.string().max(64),
    startedAt: timeSchema,
    subject: foreignTextSchema,
    /** Who connected, as it calls itself; absent until it said so. */
    client: z.object({ name: foreignTextSchema, version: foreignTextSchema.optional() }).optional(),
    revision: z.string().max(64).optional(),
    era: z.enum(['stateful', 'stateless']).optional(),
    backend: backendStatusSchema,
    /** Tools the backend listed last; absent before it listed any. */
    tools: z.number().int().nonnegative().optional(),
    policyVersion: z.string().max(64).optional(),
    /** The policy's file as it is now, where that is not in force: it waits for a person's word, or cannot be read. */
    policyAside: z
      .object({
        event: z.enum(['held', 'rejected']),
        version: z.string().max(64),
        problem: foreignTextSchema.optional(),
      })
      .optional(),
    configVersion: z.string().max(64),
    /** Switched off: every request is refused. */
    disabled: z.boolean(),
    /** Requests that wait for an answer, and those of them that wait for a person. */
    inFlight: z.number().int().nonnegative(),
    pending: z.number().int().nonnegative(),
    statistics: countedStatisticsSchema,
    journal: journalTimesSchema.optional(),
  })
  .meta({ id: 'InstanceStatus' });
export type InstanceStatus = z.infer<typeof instanceStatusSchema>;
