import { posix } from 'node:path';
import type { PathResolver } from '@mcp-acp/policy/facts';

/** Resolves paths as text alone, in a fixed home: tests of the pipeline need no disk. */
export const createPathResolver = (): PathResolver => ({
  places: (text) => {
    const path = posix.resolve('/home/user/project', text.replace(/^~(?=\/|$)/, '/home/user'));
    return [links.get(path) ?? path];
  },
});

/** Where links lead; a test that sets one takes it away again. */
export const links = new Map<string, string>();
