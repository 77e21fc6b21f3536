import { proxyNameSchema } from '@mcp-acp/shared/live/instance-status';
import * as z from 'zod';
import { operatorProcedure } from '../access/builders.ts';
import { trpc } from '../access/trpc.ts';
import {
  auditVerdictSchema,
  configShownSchema,
  policyCheckSchema,
  policyFileSchema,
  policySavedSchema,
  policyVersionSchema,
} from '../ports/files.ts';

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
    .input(ofProxy.extend({ text: policyText, edited: z.string().max(64) }))
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
});

/** Settings, read only: a changed launch is confirmed outside the browser. */
export const configsBranch = trpc.router({
  show: operatorProcedure
    .meta({ errors: ['proxy_unknown', 'config_invalid', 'format_too_new'] })
    .input(z.object({ proxy: proxyNameSchema.optional() }))
    .output(configShownSchema)
    .query(({ ctx, input }) => ctx.manager.files.config(input.proxy)),
});

export const auditBranch = trpc.router({
  verify: operatorProcedure
    .meta({ errors: ['proxy_unknown', 'audit_unavailable'] })
    .input(ofProxy)
    .output(auditVerdictSchema)
    .query(({ ctx, input }) => ctx.manager.files.verifyAudit(input.proxy)),
});
