import type { JsonValue } from '@mcp-acp/shared/json';
import * as z from 'zod';
import { askedToReloadSchema } from './reload.ts';

const jsonValueSchema = z.json() as unknown as z.ZodType<JsonValue, JsonValue>;
const digest = z.string().regex(/^[0-9a-f]{64}$/);

/** A policy file as it is now. `digest` is the version an edit of it must carry. */
export const policyFileSchema = z.object({ text: z.string(), digest });
export type PolicyFile = z.infer<typeof policyFileSchema>;

const policyProblemSchema = z.object({
  message: z.string(),
  fix: z.string().optional(),
  line: z.number().int(),
  column: z.number().int(),
});

export const policyCheckSchema = z.object({
  ok: z.boolean(),
  rules: z.number().int(),
  problems: z.array(policyProblemSchema),
});
export type PolicyCheck = z.infer<typeof policyCheckSchema>;

/** `reloaded`: what became of it in each running instance. */
export const policySavedSchema = z.object({
  version: z.number().int(),
  digest,
  changed: z.boolean(),
  loosening: z.boolean().optional(),
  rules: z.array(z.string()),
  reloaded: z.array(askedToReloadSchema),
});
export type PolicySaved = z.infer<typeof policySavedSchema>;

export const policyVersionSchema = z.object({
  number: z.number().int(),
  digest,
  current: z.boolean(),
  confirmed: z.object({ by: z.string(), time: z.string(), channel: z.string() }).optional(),
});
export type PolicyVersionSeen = z.infer<typeof policyVersionSchema>;

/** What a form offers for a setting. */
const settingKindSchema = z.object({
  kind: z.enum(['boolean', 'integer', 'text', 'choice', 'list', 'map']),
  values: z.array(z.string()).optional(),
  least: z.number().optional(),
  most: z.number().optional(),
  unit: z.string().optional(),
});

const settingShownSchema = z.object({
  key: z.string(),
  value: jsonValueSchema.optional(),
  given: z.boolean(),
  description: z.string(),
  type: settingKindSchema,
  default: jsonValueSchema.optional(),
  takesEffect: z.enum(['at_once', 'client_restart', 'manager_restart']),
  /** Whether a page may change it: never what a proxy starts. */
  editable: z.boolean(),
});

/** `null` takes a setting back to its default. */
export const settingChangeSchema = z.object({ key: z.string().max(128), value: jsonValueSchema });
export type SettingChange = z.infer<typeof settingChangeSchema>;

export const savedConfigSchema = z.object({
  digest,
  changed: z.array(
    z.object({ key: z.string(), takesEffect: z.enum(['at_once', 'client_restart', 'manager_restart']) }),
  ),
  reloaded: z.array(askedToReloadSchema),
});
export type SavedConfig = z.infer<typeof savedConfigSchema>;

export const configShownSchema = z.object({ digest, settings: z.array(settingShownSchema) });
export type ConfigShown = z.infer<typeof configShownSchema>;

export const auditVerdictSchema = z.object({
  verdict: z.enum(['ok', 'torn_tail', 'tampered']),
  records: z.number().int(),
  bytes: z.number().int(),
  streams: z.array(
    z.object({
      stream: z.string(),
      state: z.enum(['live', 'dead', 'closed', 'unknown']),
      verdict: z.enum(['ok', 'torn_tail', 'tampered']),
      records: z.number().int(),
      problem: z.object({ offset: z.number().int(), line: z.number().int(), why: z.string() }).optional(),
    }),
  ),
  ledgerProblems: z.array(z.string()),
});
export type AuditVerdict = z.infer<typeof auditVerdictSchema>;

export const verifyStepSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('progress'),
    stream: z.string(),
    doneBytes: z.number().int(),
    totalBytes: z.number().int(),
  }),
  z.object({ type: z.literal('verdict'), verdict: auditVerdictSchema }),
]);
export type VerifyStep = z.infer<typeof verifyStepSchema>;

/** Policies, settings and journals as files: these work whether the proxy runs or not. `request` names the operation in records. */
export interface FilesPort {
  readPolicy(proxy: string): PolicyFile;
  checkPolicy(proxy: string, text: string): PolicyCheck;
  savePolicy(
    edit: {
      readonly proxy: string;
      readonly text: string;
      readonly edited: string;
      readonly because?: string | undefined;
    },
    request: string,
  ): Promise<PolicySaved>;
  policyVersions(proxy: string): readonly PolicyVersionSeen[];
  policyVersion(proxy: string, number: number): string;
  restorePolicy(
    version: { readonly proxy: string; readonly number: number },
    request: string,
  ): Promise<PolicySaved>;
  /** `proxy` absent: the manager's own settings. */
  config(proxy: string | undefined): ConfigShown;
  /** Throws AcpError('not_permitted') for a setting that is not for pages. */
  changeConfig(
    edit: {
      readonly proxy?: string | undefined;
      readonly edited: string;
      readonly changes: readonly SettingChange[];
    },
    request: string,
  ): Promise<SavedConfig>;
  verifyAudit(proxy: string): Promise<AuditVerdict>;
  verifyAuditLive(proxy: string, signal: AbortSignal): AsyncIterable<VerifyStep>;
}
