import { AcpError } from '@mcp-acp/shared/errors';
import * as z from 'zod';
import { operatorProcedure, publicProcedure } from '../access/builders.ts';
import { trpc } from '../access/trpc.ts';
import {
  oneTimeCodeSchema,
  pageSessionSchema,
  proofQuestionSchema,
  tokenSchema,
  tokenScopeSchema,
} from '../ports/access.ts';

const revokedSchema = z.object({ revoked: z.boolean() });
const idSchema = z.object({ id: z.string().max(64) });

/** Who may use the HTTP side. */
export const accessBranch = trpc.router({
  /** Whether the caller is locked out: all that is said to anyone. */
  state: publicProcedure
    .input(z.void())
    .output(z.object({ unlocked: z.boolean() }))
    .query(({ ctx }) => ({ unlocked: ctx.caller.kind !== 'anonymous' })),

  /** Swaps a one-time code for a session: its cookie is set, its token is the answer. */
  unlock: publicProcedure
    .meta({ errors: ['unlock_refused', 'too_many_requests'] })
    .input(z.object({ code: z.string().max(128) }))
    .output(z.object({ token: z.string() }))
    .mutation(async ({ ctx, input }) => {
      // Only an answer over HTTP can carry the cookie.
      if (ctx.cookie === undefined) throw new AcpError('bad_request', 'Only a page is unlocked.');
      const { cookie, token } = await ctx.manager.access.unlock(input.code);
      ctx.cookie.set(cookie);
      return { token };
    }),

  /** Proves to a page, before it shows its token, that it is its manager that answers. */
  prove: publicProcedure
    .meta({ errors: ['locked'] })
    .input(proofQuestionSchema)
    .output(z.object({ proof: z.string() }))
    .query(({ ctx, input }) => {
      if (ctx.host === undefined) throw new AcpError('bad_request', 'Only a page asks for a proof.');
      const proof = ctx.manager.access.prove(input, ctx.host);
      if (proof !== undefined) return { proof };
      throw new AcpError('locked', undefined, { fix: 'Unlock it: mcp-acp manager open' });
    }),

  /** Ends the caller's own session. */
  lock: operatorProcedure
    .input(z.void())
    .output(revokedSchema)
    .mutation(({ ctx }) => {
      if (ctx.caller.kind !== 'page') return { revoked: false };
      ctx.cookie?.clear();
      return { revoked: ctx.manager.access.revoke(ctx.caller.session) };
    }),

  createCode: operatorProcedure
    .meta({ only: 'socket' })
    .input(z.void())
    .output(oneTimeCodeSchema)
    .mutation(({ ctx }) => ctx.manager.access.createCode()),

  sessions: operatorProcedure
    .input(z.void())
    .output(z.array(pageSessionSchema))
    .query(({ ctx }) => [...ctx.manager.access.sessions()]),

  revoke: operatorProcedure
    .input(idSchema)
    .output(revokedSchema)
    .mutation(({ ctx, input }) => ({ revoked: ctx.manager.access.revoke(input.id) })),

  createToken: operatorProcedure
    .meta({ only: 'socket' })
    .input(z.object({ scope: tokenScopeSchema, name: z.string().max(64).optional() }))
    .output(z.object({ id: z.string(), token: z.string() }))
    .mutation(({ ctx, input }) => ctx.manager.access.createToken(input.scope, input.name)),

  tokens: operatorProcedure
    .input(z.void())
    .output(z.array(tokenSchema))
    .query(({ ctx }) => [...ctx.manager.access.tokens()]),

  revokeToken: operatorProcedure
    .input(idSchema)
    .output(revokedSchema)
    .mutation(({ ctx, input }) => ({ revoked: ctx.manager.access.revokeToken(input.id) })),
});
