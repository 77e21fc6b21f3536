import { posix } from 'node:path';
import type { PathResolver } from '@mcp-acp/policy/facts';

/** Resolves paths as text alone, in a fixed home: tests of the pipeline need no disk. */
export const createPathResolver = (): PathResolver => ({
  places: (text) => [posix.resolve('/home/user/project', text.replace(/^~(?=\/|$)/, '/home/user'))],
});
