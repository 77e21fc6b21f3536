import { trpc } from '../access/trpc.ts';
import { accessBranch } from './access-branch.ts';
import { approvalsBranch } from './approvals-branch.ts';
import { eventsBranch } from './events-branch.ts';
import { auditBranch, configsBranch, policiesBranch } from './files-branches.ts';
import { historyBranch } from './history-branch.ts';
import { managerBranch } from './manager-branch.ts';
import { proxiesBranch } from './proxies-branch.ts';
import { proxyBranch } from './proxy-branch.ts';
import { registryBranch } from './registry-branch.ts';

/** The one contract between processes. The manager serves all of it, a proxy the branch `proxy` of its own live state. */
export const appRouter = trpc.router({
  access: accessBranch,
  approvals: approvalsBranch,
  audit: auditBranch,
  configs: configsBranch,
  events: eventsBranch,
  history: historyBranch,
  manager: managerBranch,
  policies: policiesBranch,
  proxies: proxiesBranch,
  proxy: proxyBranch,
  registry: registryBranch,
});
export type AppRouter = typeof appRouter;
