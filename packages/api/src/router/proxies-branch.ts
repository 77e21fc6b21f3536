import { proxyNameSchema } from '@mcp-acp/shared/live/instance-status';
import * as z from 'zod';
import { operatorProcedure } from '../access/builders.ts';
import { trpc } from '../access/trpc.ts';
import {
  checkedServerSchema,
  launchSchema,
  newProxySchema,
  proxySeenSchema,
  snippetSchema,
  templateShownSchema,
  totalsSchema,
} from '../ports/proxies.ts';
import { askedToReloadSchema } from '../ports/reload.ts';

/** The read model of all proxies, running or not. */
export const proxiesBranch = trpc.router({
  list: operatorProcedure
    .input(z.void())
    .output(z.array(proxySeenSchema))
    .query(({ ctx }) => [...ctx.manager.proxies.list()]),

  get: operatorProcedure
    .meta({ errors: ['proxy_unknown'] })
    .input(z.object({ proxy: proxyNameSchema }))
    .output(proxySeenSchema)
    .query(({ ctx, input }) => ctx.manager.proxies.get(input.proxy)),

  totals: operatorProcedure
    .input(z.void())
    .output(totalsSchema)
    .query(({ ctx }) => ctx.manager.proxies.totals()),

  /** Asks every running instance, of one proxy or of all, to read policy and configuration again. */
  reloadAll: operatorProcedure
    .input(z.object({ proxy: proxyNameSchema.optional() }))
    .output(z.array(askedToReloadSchema))
    .mutation(async ({ ctx, input }) => [...(await ctx.manager.reload(input.proxy, ctx.request))]),

  templates: operatorProcedure
    .input(z.void())
    .output(z.array(templateShownSchema))
    .query(({ ctx }) => [...ctx.manager.setup.templates()]),

  /** Makes a proxy whose launch waits to be confirmed outside the browser. */
  create: operatorProcedure
    .meta({ errors: ['usage', 'proxy_exists', 'config_invalid', 'too_many_requests'] })
    .input(newProxySchema)
    .output(launchSchema)
    .mutation(({ ctx, input }) => ctx.manager.setup.create(input)),

  launch: operatorProcedure
    .meta({ errors: ['proxy_unknown', 'config_invalid'] })
    .input(z.object({ proxy: proxyNameSchema }))
    .output(launchSchema)
    .query(({ ctx, input }) => ctx.manager.setup.launch(input.proxy)),

  askToConfirm: operatorProcedure
    .meta({ errors: ['proxy_unknown', 'config_invalid', 'too_many_requests'] })
    .input(z.object({ proxy: proxyNameSchema }))
    .output(z.object({ answer: z.enum(['confirmed', 'refused', 'no_dialog']) }))
    .mutation(async ({ ctx, input }) => ({ answer: await ctx.manager.setup.askToConfirm(input.proxy) })),

  /** Starts the proxy as a client would and asks for the tools. */
  check: operatorProcedure
    .meta({ errors: ['proxy_unknown', 'launch_unconfirmed'] })
    .input(z.object({ proxy: proxyNameSchema }))
    .output(checkedServerSchema)
    .mutation(({ ctx, input, signal }) => ctx.manager.setup.check(input.proxy, signal)),

  snippet: operatorProcedure
    .meta({ errors: ['proxy_unknown'] })
    .input(z.object({ proxy: proxyNameSchema.optional() }))
    .output(snippetSchema)
    .query(({ ctx, input }) => ctx.manager.setup.snippet(input.proxy)),
});
