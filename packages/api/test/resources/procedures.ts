import type { AnyTRPCProcedure, AnyTRPCRouter } from '@trpc/server';
import type { ProcedureMeta } from '../../src/access/trpc.ts';

export interface WalkedProcedure {
  readonly path: string;
  readonly kind: 'query' | 'mutation' | 'subscription';
  readonly meta: ProcedureMeta;
  readonly inputs: readonly unknown[];
  readonly output: unknown;
}

/** Every procedure of a router, by path. */
export function proceduresOf(router: AnyTRPCRouter): readonly WalkedProcedure[] {
  const procedures = router._def.procedures as Record<string, AnyTRPCProcedure>;
  return Object.entries(procedures)
    .map(([path, { _def }]) => {
      const { inputs, output } = _def as unknown as { readonly inputs: unknown[]; readonly output: unknown };
      return { path, kind: _def.type, meta: (_def.meta ?? {}) as ProcedureMeta, inputs, output };
    })
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}
