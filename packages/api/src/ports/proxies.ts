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

/** A proxy as a page prepares it. Names of variables and headers only: values never pass through a page. */
export const newProxySchema = z.object({
  name: z.string().max(64),
  backend: z.discriminatedUnion('transport', [
    z.object({
      transport: z.literal('stdio'),
      /** As in a shell, without its substitutions: program and arguments, quotes respected. */
      commandLine: z.string().min(1).max(16_384),
      cwd: z.string().max(4096).optional(),
      /** Variables of the client's environment that it shall have. */
      environment: z.array(z.string().max(256)).max(64).default([]),
    }),
    z.object({
      transport: z.literal('http'),
      url: z.string().min(1).max(4096),
      /** Headers whose values come from variables of the environment. */
      headers: z.array(z.string().max(256)).max(64).default([]),
    }),
  ]),
  template: z.string().max(64),
});
export type NewProxyDraft = z.infer<typeof newProxySchema>;

/** What a proxy would start, and whether a person has confirmed it outside the browser. */
export const launchSchema = z.object({
  confirmed: z.boolean(),
  /** All of it, one line: program and arguments, or the URL. */
  shown: z.string(),
  cwd: z.string().optional(),
  environment: z.array(z.string()),
  /** How to confirm it. */
  confirm: z.string(),
});
export type Launch = z.infer<typeof launchSchema>;

/** What a server answered when it was asked for its tools, through the proxy. */
export const checkedServerSchema = z.object({
  ok: z.boolean(),
  tools: z.array(
    z.object({ name: z.string(), title: z.string().optional(), description: z.string().optional() }),
  ),
  problem: z.string().optional(),
  fix: z.string().optional(),
});
export type CheckedServer = z.infer<typeof checkedServerSchema>;

export const snippetSchema = z.object({
  /** `{"mcpServers": …}`, laid out. */
  json: z.string(),
  notes: z.array(z.string()),
});
export type Snippet = z.infer<typeof snippetSchema>;

export const templateShownSchema = z.object({ name: z.string(), summary: z.string(), text: z.string() });

/** Making proxies and putting them into clients. */
export interface ProxySetupPort {
  templates(): readonly z.infer<typeof templateShownSchema>[];
  /** The proxy starts nothing until its launch is confirmed. Throws AcpError: 'usage', 'proxy_exists', 'config_invalid'. */
  create(draft: NewProxyDraft): Launch;
  launch(proxy: string): Launch;
  /** Asks in a dialog of the system, which shows the whole command, where there is one. */
  askToConfirm(proxy: string): Promise<'confirmed' | 'refused' | 'no_dialog'>;
  check(proxy: string, signal: AbortSignal | undefined): Promise<CheckedServer>;
  /** Absent: of all proxies. */
  snippet(proxy: string | undefined): Snippet;
}
