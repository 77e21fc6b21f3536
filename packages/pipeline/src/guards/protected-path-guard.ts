import type { Guard } from '../verdict.ts';

/**
 * Denies whatever names a path inside one of `roots` (absolute and canonical), as a whole value or inside a longer
 * text: mcp-acp's own home is not for agents, whatever the policy says.
 */
export function protectedPathGuard(roots: readonly string[]): Guard {
  const prefixes = roots.map((root) => ({ root, below: root.endsWith('/') ? root : `${root}/` }));
  const isProtected = (path: string | undefined): boolean =>
    path !== undefined && prefixes.some(({ root, below }) => path === root || path.startsWith(below));
  return {
    name: 'protected-path',
    judge: ({ facts }) => {
      const touched =
        facts.operands.some((fact) => isProtected(fact.resolved)) ||
        facts.mentions.some((fact) => isProtected(fact.resolved));
      return touched ? { effect: 'deny', reason: 'protected_path' } : undefined;
    },
  };
}
