import { protectedPlaces } from '@mcp-acp/policy/protected-paths';
import type { Guard } from '../verdict.ts';

/**
 * Denies whatever names a path inside one of `roots` (absolute and canonical): mcp-acp's own home is not for agents,
 * whatever the policy says.
 */
export const protectedPathGuard = (roots: readonly string[]): Guard => ({
  name: 'protected-path',
  judge: ({ facts }) =>
    protectedPlaces(facts, roots).length > 0 ? { effect: 'deny', reason: 'protected_path' } : undefined,
});
