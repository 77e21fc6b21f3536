import type { BackendStatus } from '@mcp-acp/shared/live/instance-status';

/** What a person knows a backend by: what it calls itself, or before it has, what is started or asked. */
export const nameOfBackend = ({ server, target }: Pick<BackendStatus, 'server' | 'target'>): string =>
  server?.name ?? target;
