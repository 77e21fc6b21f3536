import type { Backend } from '@mcp-acp/config/proxy-config';

/** How long a call may be silent before the enforcement point ends it; 0 where the backend's end looks after that itself. */
export const callIdleMs = (backend: Backend): number =>
  backend.transport === 'stdio' ? backend.callIdleMs : 0;
