import { backendEnvironment } from '@mcp-acp/config/backend-environment';
import { backendHeaders } from '@mcp-acp/config/backend-headers';
import type { ProxyConfig } from '@mcp-acp/config/proxy-config';
import type { BackendEnd } from '@mcp-acp/mcp/backend-end';
import type { BackendEvent } from '@mcp-acp/mcp/http/http-backend-options';
import { spawnBackend } from '@mcp-acp/mcp/stdio/spawn-backend';

export interface BackendWatch {
  /** Gets what a backend's process writes on stderr. */
  onStderr(chunk: Buffer): void;
  /** Hears what becomes of the connection to an HTTP backend. */
  onEvent(event: BackendEvent): void;
}

/**
 * Starts or connects to the backend a configuration names. Throws AcpError('config_invalid') where a header's value is
 * not in the environment.
 */
export async function openBackend(
  { backend, limits }: ProxyConfig,
  env: NodeJS.ProcessEnv,
  { onStderr, onEvent }: BackendWatch,
): Promise<BackendEnd> {
  const lineLimitBytes = limits.messageBytes;
  if (backend.transport !== 'stdio') {
    const { connectBackend } = await import('./loaded-later/http-backend.ts');
    return connectBackend({ ...backend, headers: backendHeaders(backend, env), lineLimitBytes, onEvent });
  }
  return spawnBackend({
    command: backend.command,
    args: backend.args,
    ...(backend.cwd === undefined ? {} : { cwd: backend.cwd }),
    env: backendEnvironment(backend, env),
    lineLimitBytes,
    onStderr,
  });
}
