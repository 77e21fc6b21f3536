import { proxyNameSchema } from '@mcp-acp/shared/live/instance-status';
import * as z from 'zod';
import { operatorProcedure } from '../access/builders.ts';
import { streamOf } from '../access/tracked-events.ts';
import { trpc } from '../access/trpc.ts';
import {
  auditVerdictSchema,
  configShownSchema,
  policyCheckSchema,
  policyFileSchema,
  policySavedSchema,
  policyVersionSchema,
  savedConfigSchema,
  settingChangeSchema,
  verifyStepSchema,
} from '../ports/files.ts';
import {
  callDraftSchema,
  importedPolicySchema,
  listedRuleSchema,
  proposalSourceSchema,
  proposeStepSchema,
  replayStepSchema,
  ruleChangeSchema,
  triedCallSchema,
} from '../ports/policy-work.ts';
import { untilAborted } from './until-aborted.ts';

const ofProxy = z.object({ proxy: proxyNameSchema });
/** Larger than any policy a person would keep, and still within a frame where every line break takes two bytes. Bytes. */
const mostPolicyBytes = 384 * 1024;
const policyText = z
  .string()
  .max(mostPolicyBytes)
  .refine((text) => Buffer.byteLength(text) <= mostPolicyBytes, `Larger than ${mostPolicyBytes / 1024} KiB`);
const versionNumber = z.number().int().positive();

/** Policies of all proxies, running or not. What is saved here is confirmed by the act, and running instances read it at once. */
export const policiesBranch = trpc.router({
  read: operatorProcedure
    .meta({ errors: ['proxy_unknown', 'policy_invalid', 'config_invalid'] })
    .input(ofProxy)
    .output(policyFileSchema)
    .query(({ ctx, input }) => ctx.manager.files.readPolicy(input.proxy)),

  /** A mutation for its size alone: the text does not fit into a URL. */
  check: operatorProcedure
    .meta({ errors: ['proxy_unknown'] })
    .input(ofProxy.extend({ text: policyText }))
    .output(policyCheckSchema)
    .mutation(({ ctx, input }) => ctx.manager.files.checkPolicy(input.proxy, input.text)),

  save: operatorProcedure
    .meta({ errors: ['proxy_unknown', 'policy_invalid', 'config_invalid', 'stale_edit'] })
    .input(
      ofProxy.extend({
        text: policyText,
        edited: z.string().max(64),
        /** The question or the record that gave rise to it. */
        because: z.string().max(64).optional(),
      }),
    )
    .output(policySavedSchema)
    .mutation(({ ctx, input }) => ctx.manager.files.savePolicy(input, ctx.request)),

  versions: operatorProcedure
    .meta({ errors: ['proxy_unknown', 'policy_invalid', 'config_invalid'] })
    .input(ofProxy)
    .output(z.array(policyVersionSchema))
    .query(({ ctx, input }) => [...ctx.manager.files.policyVersions(input.proxy)]),

  version: operatorProcedure
    .meta({ errors: ['proxy_unknown', 'policy_invalid', 'config_invalid', 'usage'] })
    .input(ofProxy.extend({ number: versionNumber }))
    .output(z.object({ text: z.string() }))
    .query(({ ctx, input }) => ({ text: ctx.manager.files.policyVersion(input.proxy, input.number) })),

  restore: operatorProcedure
    .meta({ errors: ['proxy_unknown', 'policy_invalid', 'config_invalid', 'stale_edit', 'usage'] })
    .input(ofProxy.extend({ number: versionNumber }))
    .output(policySavedSchema)
    .mutation(({ ctx, input }) => ctx.manager.files.restorePolicy(input, ctx.request)),

  /** What the policy says about a call that is not made. */
  tryCall: operatorProcedure
    .meta({ errors: ['proxy_unknown', 'policy_invalid', 'config_invalid'] })
    .input(ofProxy.extend({ call: callDraftSchema, text: policyText.optional() }))
    .output(triedCallSchema)
    .mutation(({ ctx, input }) => ctx.manager.policyWork.tryCall(input.proxy, input.call, input.text)),

  rules: operatorProcedure
    .meta({ errors: ['policy_invalid'] })
    .input(z.object({ text: policyText }))
    .output(z.array(listedRuleSchema))
    .mutation(({ ctx, input }) => [...ctx.manager.policyWork.rules(input.text)]),

  changeRule: operatorProcedure
    .meta({ errors: ['policy_invalid', 'usage'] })
    .input(z.object({ text: policyText, change: ruleChangeSchema }))
    .output(z.object({ text: z.string() }))
    .mutation(({ ctx, input }) => ({ text: ctx.manager.policyWork.changeRule(input.text, input.change) })),

  schema: operatorProcedure
    .input(z.void())
    .output(z.json())
    .query(({ ctx }) => ctx.manager.policyWork.schema() as never),

  replay: operatorProcedure
    .meta({ errors: ['proxy_unknown', 'policy_invalid', 'audit_unavailable'] })
    .input(ofProxy.extend({ text: policyText, days: z.number().min(0.01).max(3650) }))
    .output(streamOf(replayStepSchema))
    .subscription(({ ctx, input, signal }) => ctx.manager.policyWork.replay(input, untilAborted(signal))),

  /** Rules that would speak for a call, from narrow to wide. */
  propose: operatorProcedure
    .meta({ errors: ['proxy_unknown', 'policy_invalid', 'audit_unavailable', 'not_found'] })
    .input(
      ofProxy.extend({
        source: proposalSourceSchema,
        effect: z.enum(['allow', 'deny']).optional(),
        days: z.number().min(0.01).max(3650).default(30),
      }),
    )
    .output(streamOf(proposeStepSchema))
    .subscription(({ ctx, input, signal }) => ctx.manager.policyWork.propose(input, untilAborted(signal))),

  importNexus: operatorProcedure
    .meta({ errors: ['usage'] })
    .input(z.object({ json: policyText }))
    .output(importedPolicySchema)
    .mutation(({ ctx, input }) => ctx.manager.policyWork.importNexus(input.json)),
});

/** Settings. What a proxy starts is not changed here: a changed launch is confirmed outside the browser. */
export const configsBranch = trpc.router({
  show: operatorProcedure
    .meta({ errors: ['proxy_unknown', 'config_invalid', 'format_too_new'] })
    .input(z.object({ proxy: proxyNameSchema.optional() }))
    .output(configShownSchema)
    .query(({ ctx, input }) => ctx.manager.files.config(input.proxy)),

  change: operatorProcedure
    .meta({ errors: ['proxy_unknown', 'config_invalid', 'format_too_new', 'stale_edit', 'not_permitted'] })
    .input(
      z.object({
        proxy: proxyNameSchema.optional(),
        edited: z.string().max(64),
        changes: z.array(settingChangeSchema).min(1).max(64),
      }),
    )
    .output(savedConfigSchema)
    .mutation(({ ctx, input }) => ctx.manager.files.changeConfig(input, ctx.request)),
});

export const auditBranch = trpc.router({
  verify: operatorProcedure
    .meta({ errors: ['proxy_unknown', 'audit_unavailable'] })
    .input(ofProxy)
    .output(auditVerdictSchema)
    .query(({ ctx, input }) => ctx.manager.files.verifyAudit(input.proxy)),

  /** The same, and how far it is. */
  verifyLive: operatorProcedure
    .meta({ errors: ['proxy_unknown', 'audit_unavailable'] })
    .input(ofProxy)
    .output(streamOf(verifyStepSchema))
    .subscription(({ ctx, input, signal }) =>
      ctx.manager.files.verifyAuditLive(input.proxy, untilAborted(signal)),
    ),
});
