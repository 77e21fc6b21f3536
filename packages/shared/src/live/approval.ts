import * as z from 'zod';
import { limits } from '../limits.ts';
import { endOfApproval } from './approval-end.ts';
import { foreignTextSchema, originSchema, timeSchema } from './instance-status.ts';

export const approvalIdSchema = z.string().regex(/^appr_[a-z2-7]{16}$/);
export const grantIdSchema = z.string().regex(/^grnt_[a-z2-7]{16}$/);
const count = z.number().int().nonnegative();
const effectWords = z.array(z.string().max(32)).max(16);

/** By which way a person answered. */
const approvalChannels = ['dashboard', 'cli', 'dialog'] as const;
export const approvalChannelSchema = z.enum(approvalChannels);
export type ApprovalChannel = z.infer<typeof approvalChannelSchema>;

/** A place a call names: a path or a host, as it is written and, of a path, where it leads. */
export const destinationSchema = z.object({
  kind: z.enum(['path', 'host']),
  text: foreignTextSchema,
  resolved: foreignTextSchema.optional(),
  role: z.enum(['source', 'dest']).optional(),
  /** Found inside a longer text, rather than a whole argument of its own. */
  mentioned: z.boolean(),
});
export type Destination = z.infer<typeof destinationSchema>;

const grantScopeSchema = z.enum(['exact', 'path', 'tool']);

/** How far one "yes" may reach, as the deciding rule lets it. Without offers it is good for this call only. */
export const grantOfferSchema = z.object({
  scope: grantScopeSchema,
  /** Of `path`: the file or the folder. */
  path: z.string().max(8192).optional(),
  folder: z.boolean().optional(),
  /** Milliseconds; absent: as long as the session. */
  mostMs: z.number().positive().optional(),
  mostUses: z.number().int().positive().optional(),
});
export type GrantOffer = z.infer<typeof grantOfferSchema>;

/** A question as a list shows it. */
export const pendingApprovalSchema = z
  .object({
    approval: approvalIdSchema,
    proxy: originSchema,
    /** What an answer must name: a keyed hash over all that is asked for and where it leads, 64 hex digits. */
    digest: z.string().regex(/^[0-9a-f]{64}$/),
    client: foreignTextSchema.optional(),
    clientVersion: foreignTextSchema.optional(),
    subject: foreignTextSchema,
    /** `server`: the backend asks something of the client. */
    from: z.enum(['client', 'server']),
    method: foreignTextSchema,
    tool: foreignTextSchema.optional(),
    /** What the backend calls the tool: its words. */
    title: foreignTextSchema.optional(),
    prompt: foreignTextSchema.optional(),
    resource: foreignTextSchema.optional(),
    /** How the tool's definition stands to those listed before. */
    definition: z.enum(['never_seen', 'known', 'changed']).optional(),
    /** A rate limit asked, whether a rule did too or not. */
    limited: z.boolean(),
    /** The rule that asked; absent where a limit did alone. */
    rule: z.string().max(64).optional(),
    ruleDescription: z.string().max(1024).optional(),
    operations: effectWords,
    sideEffects: effectWords,
    destinations: z.array(destinationSchema).max(32),
    /** All of them, those that are not listed included. */
    destinationCount: count,
    /** The beginning of the arguments, as JSON. */
    preview: z.string().max(512),
    argumentsLength: count,
    askedAt: timeSchema,
    /** `held`: the call waits. `open`: it was told to try again, and a yes is good for its next attempt. */
    state: z.enum(['held', 'open']),
    /** Milliseconds left when this was told. */
    holdLeftMs: z.number().nonnegative(),
    openLeftMs: z.number().nonnegative(),
    /** Calls that asked this. */
    attempts: count,
    /** Only these channels may answer; absent: any. */
    via: z.array(approvalChannelSchema).optional(),
    offers: z.array(grantOfferSchema).max(8),
  })
  .meta({ id: 'PendingApproval' });
export type PendingApproval = z.infer<typeof pendingApprovalSchema>;

/** How much of the arguments comes at once. UTF-16 units of JSON text. */
export const argumentsPage = limits.argumentsPage;

/** A question with all a person decides on. */
export const approvalCardSchema = pendingApprovalSchema
  .extend({
    /** JSON text as it would be sent, up to the first {@link argumentsPage}; the rest is asked for. */
    arguments: z.string().max(argumentsPage),
    /**
     * What is sent besides name, arguments and `_meta`: JSON text of an object; cut where it is longer. Absent where there is
     * nothing.
     */
    otherParameters: z.string().max(argumentsPage).optional(),
    /** The last approved call of this tool in this session. */
    lastApproved: z
      .object({ time: timeSchema, arguments: z.string().max(argumentsPage), cut: z.boolean() })
      .optional(),
  })
  .meta({ id: 'ApprovalCard' });
export type ApprovalCard = z.infer<typeof approvalCardSchema>;

export const endedApprovalSchema = z.object({
  approval: approvalIdSchema,
  proxy: originSchema,
  tool: foreignTextSchema.optional(),
  prompt: foreignTextSchema.optional(),
  method: foreignTextSchema,
  end: z.enum(endOfApproval),
  time: timeSchema,
  channel: approvalChannelSchema.optional(),
  reason: z.string().max(512).optional(),
});
export type EndedApproval = z.infer<typeof endedApprovalSchema>;

export const grantSchema = z
  .object({
    grant: grantIdSchema,
    proxy: originSchema,
    /** `deny`: a mute, which refuses without asking. */
    effect: z.enum(['allow', 'deny']),
    scope: z.enum(['call', 'exact', 'path', 'tool']),
    method: foreignTextSchema,
    tool: foreignTextSchema.optional(),
    prompt: foreignTextSchema.optional(),
    path: z.string().max(8192).optional(),
    folder: z.boolean().optional(),
    rule: z.string().max(64).optional(),
    madeAt: timeSchema,
    /** Milliseconds left when this was told; absent: as long as the session. */
    leftMs: z.number().nonnegative().optional(),
    /** How often it may be used; absent: without a limit. */
    mostUses: z.number().int().positive().optional(),
    /** Calls it has let through, or of a mute: refused. */
    used: count,
    lastUsedAt: timeSchema.optional(),
    approval: approvalIdSchema.optional(),
    channel: approvalChannelSchema,
  })
  .meta({ id: 'Grant' });
export type Grant = z.infer<typeof grantSchema>;

/** How far an approval shall reach; absent: this call. It must lie within an offer. */
export const grantReachSchema = z.object({
  scope: grantScopeSchema,
  path: z.string().max(8192).optional(),
  /** Absent: as long as the offer lets it. */
  forMs: z.number().positive().optional(),
  uses: z.number().int().positive().optional(),
});
export type GrantReach = z.infer<typeof grantReachSchema>;

export const approvalAnswerSchema = z.object({
  approval: approvalIdSchema,
  digest: z.string().max(64),
  answer: z.enum(['approve', 'deny']),
  reach: grantReachSchema.optional(),
  /** Of a denial: told to the agent and recorded. */
  reason: z.string().max(512).optional(),
});
export type ApprovalAnswer = z.infer<typeof approvalAnswerSchema>;

/**
 * What came of an answer. `released`: the call goes on; it leaves as soon as that is on record. `refused`: it was refused.
 * `next_attempt`: the call was told to try again before, and the yes waits for that. `asked_again`: the policy or the tool has
 * changed meanwhile. `too_late`: somebody or something else was first; `ended` says who or what.
 */
export const answeredSchema = z.object({
  result: z.enum(['released', 'refused', 'next_attempt', 'asked_again', 'too_late']),
  ended: endedApprovalSchema,
  grant: grantSchema.optional(),
});
export type Answered = z.infer<typeof answeredSchema>;

export const approvalListSchema = z.object({
  pending: z.array(pendingApprovalSchema),
  /** The newest of those that are over, newest first. */
  ended: z.array(endedApprovalSchema).max(64),
});
export type ApprovalList = z.infer<typeof approvalListSchema>;
