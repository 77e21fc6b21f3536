import { hasUnclearPath, protectedPlaces } from '@mcp-acp/policy/protected-paths';
import type { Guard } from '../verdict.ts';

/**
 * Denies whatever names a path inside one of `roots` (absolute and canonical): mcp-acp's own home is not for agents,
 * whatever the policy says. What may be such a
 * path, because it cannot be resolved, is denied with them.
 */
export const protectedPathGuard = (roots: readonly string[]): Guard => ({
  name: 'protected-path',
  counts: false,
  judge: ({ facts }) => {
    if (protectedPlaces(facts, roots).length > 0) return { effect: 'deny', reason: 'protected_path' };
    return hasUnclearPath(facts) ? { effect: 'deny', reason: 'path_unclear' } : undefined;
  },
});
