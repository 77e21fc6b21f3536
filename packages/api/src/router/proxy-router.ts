import { trpc } from '../access/trpc.ts';
import { proxyBranch } from './proxy-branch.ts';

/** What a proxy serves on its own socket. */
export const proxyRouter = trpc.router({ proxy: proxyBranch });
export type ProxyRouter = typeof proxyRouter;
