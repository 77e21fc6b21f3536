import { readProxyConfig } from '@mcp-acp/config/proxy-config';
import { spawnBackend } from '@mcp-acp/mcp/stdio/spawn-backend';
import { backendEnvironment } from './backend-environment.ts';
import { watchEndSignals } from './end-signals.ts';
import type { InstanceOptions } from './instance-options.ts';
import { openStderrLog } from './stderr-log.ts';

/**
 * One start of a proxy, from its configuration to its exit code. The backend's process starts first, since its start
 * takes longest, and runs on another core while the journal is opened and the policy read; it gets no byte before both
 * are in force, and is ended if either fails.
 */
export async function runInstance(options: InstanceOptions): Promise<number> {
  const { name, env, paths } = options;
  const config = readProxyConfig(paths, name);
  const { backend, limits } = config;
  const stderrLog = openStderrLog(paths.stderrLog(name), process.stderr);
  const signals = watchEndSignals();
  const server = spawnBackend({
    command: backend.command,
    args: backend.args,
    ...(backend.cwd === undefined ? {} : { cwd: backend.cwd }),
    env: backendEnvironment(backend, env),
    lineLimitBytes: limits.messageBytes,
    onStderr: stderrLog.write,
  });
  try {
    const { enforce } = await import('./loaded-later/enforce.ts');
    signals.onAgain(() => void server.terminate(0));
    return await enforce({ ...options, config, server, signalled: signals.first });
  } catch (error) {
    await server.terminate(0);
    throw error;
  } finally {
    stderrLog.close();
  }
}
