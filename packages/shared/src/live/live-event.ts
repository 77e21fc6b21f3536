import * as z from 'zod';
import { type ErrorCode, errorTable } from '../errors.ts';
import { approvalChannelSchema, approvalIdSchema } from './approval.ts';
import { endOfApproval } from './approval-end.ts';
import { backendStatusSchema, foreignTextSchema, originSchema, timeSchema } from './instance-status.ts';
import { countedStatisticsSchema, journalTimesSchema } from './statistics.ts';

const errorCodes = Object.keys(errorTable) as [ErrorCode, ...ErrorCode[]];
const errorCodeSchema = z.enum(errorCodes).meta({ id: 'ErrorCode' });
const digest = z.string().max(64);

export type EventOrigin = z.infer<typeof originSchema>;

/** Told by an instance. `seq` is the journal record that says the same, whole. */
const ofInstance = { time: timeSchema, proxy: originSchema };
const ofManager = { time: timeSchema };

/**
 * What happened, told live. An event says what changed; the state itself is what a query answers. Discriminated on
 * `type`. A type stands here with the flow that sends it, which a test holds.
 */
export const liveEventSchema = z
  .discriminatedUnion('type', [
    z.object({ type: z.literal('proxy_registered'), ...ofInstance, pid: z.number().int() }),
    z.object({
      type: z.literal('proxy_disconnected'),
      ...ofInstance,
      reason: z.enum(['closed', 'unresponsive', 'replaced']),
    }),
    z.object({
      type: z.literal('client_identified'),
      ...ofInstance,
      client: foreignTextSchema,
      clientVersion: foreignTextSchema.optional(),
    }),
    z.object({
      type: z.literal('backend_state'),
      ...ofInstance,
      state: backendStatusSchema.shape.state,
      /** From the first attempt of this spell until it was `connected` or `failed`. Milliseconds. */
      connectMs: backendStatusSchema.shape.connectMs,
      error: foreignTextSchema.optional(),
    }),
    z.object({ type: z.literal('tools_changed'), ...ofInstance, tools: z.number().int().nonnegative() }),
    z.object({
      type: z.literal('statistics'),
      ...ofInstance,
      statistics: countedStatisticsSchema,
      journal: journalTimesSchema.optional(),
      inFlight: z.number().int(),
      pending: z.number().int(),
    }),
    z.object({
      type: z.literal('call_decided'),
      ...ofInstance,
      seq: z.number().int(),
      from: z.enum(['client', 'server']),
      method: foreignTextSchema.optional(),
      tool: foreignTextSchema.optional(),
      effect: z.enum(['allow', 'ask', 'deny']).optional(),
      disposition: z.string().max(16),
      reason: errorCodeSchema.optional(),
    }),
    z.object({
      type: z.literal('call_finished'),
      ...ofInstance,
      seq: z.number().int(),
      /** The `seq` of the decision. */
      decision: z.number().int(),
      tool: foreignTextSchema.optional(),
      status: z.string().max(32),
      durationMs: z.number(),
    }),
    /** A person is asked; `attempts` counts the calls that asked the same. */
    z.object({
      type: z.literal('approval_asked'),
      ...ofInstance,
      approval: approvalIdSchema,
      tool: foreignTextSchema.optional(),
      method: foreignTextSchema,
      attempts: z.number().int(),
    }),
    /** Its call was told to try again; the question can still be answered. */
    z.object({ type: z.literal('approval_open'), ...ofInstance, approval: approvalIdSchema }),
    z.object({
      type: z.literal('approval_ended'),
      ...ofInstance,
      approval: approvalIdSchema,
      end: z.enum(endOfApproval),
      channel: approvalChannelSchema.optional(),
    }),
    /** A grant was made, used up, taken back or is over. */
    z.object({ type: z.literal('grants_changed'), ...ofInstance }),
    z.object({
      type: z.literal('policy_reloaded'),
      ...ofInstance,
      /** `rejected` and `held` keep the policy that was in force. */
      outcome: z.enum(['loaded', 'rejected', 'held', 'confirmed']),
      version: digest,
      problem: foreignTextSchema.optional(),
    }),
    z.object({
      type: z.literal('config_reloaded'),
      ...ofInstance,
      outcome: z.enum(['loaded', 'rejected', 'held', 'confirmed']),
      version: digest,
      /** Names of the settings that differ. */
      changed: z.array(z.string().max(128)).max(64).optional(),
      problem: foreignTextSchema.optional(),
    }),
    z.object({
      type: z.literal('incident'),
      time: timeSchema,
      /** Absent where it concerns the manager itself. */
      proxy: originSchema.partial({ instance: true }).optional(),
      code: errorCodeSchema,
      detail: foreignTextSchema,
    }),
    z.object({ type: z.literal('manager_started'), ...ofManager, pid: z.number().int() }),
    z.object({ type: z.literal('manager_stopping'), ...ofManager, reason: z.string().max(64) }),
    z.object({
      type: z.literal('history_state'),
      ...ofManager,
      state: z.enum(['catching_up', 'current', 'rebuilding', 'unavailable']),
    }),
    z.object({ type: z.literal('sessions_changed'), ...ofManager }),
    /** Events before this one were dropped, since they were not taken in time or are no longer kept: ask for the state again. */
    z.object({
      type: z.literal('resync'),
      time: timeSchema,
      /** The instance whose events they are; absent where they may be anybody's. */
      proxy: originSchema.optional(),
    }),
  ])
  .meta({ id: 'LiveEvent' });
export type LiveEvent = z.infer<typeof liveEventSchema>;
export type LiveEventType = LiveEvent['type'];

const types = liveEventSchema.options.map(({ shape }) => shape.type.value);
export const liveEventTypeSchema = z.enum(types as [LiveEventType, ...LiveEventType[]]);
