import { checkLaunchConfirmed } from '@mcp-acp/config/pending-launch';
import { proxyDisabled } from '@mcp-acp/config/proxy-disabled';
import { createBackendEvents } from './backend-events.ts';
import { loadConfig } from './config-in-force.ts';
import { watchEndSignals } from './end-signals.ts';
import type { InstanceOptions } from './instance-options.ts';
import { openBackend } from './open-backend.ts';
import { openStderrLog } from './stderr-log.ts';

/**
 * One start of a proxy, from its configuration to its exit code. The backend comes first, since starting its process or
 * connecting to it takes longest and goes on while the journal is opened and the policy read; it gets no byte before both
 * are in force, and is ended if either fails.
 */
export async function runInstance(options: InstanceOptions): Promise<number> {
  const { name, env, paths } = options;
  const loaded = loadConfig(paths, name);
  const { config } = loaded;
  if (!config.enabled) throw proxyDisabled(name);
  checkLaunchConfirmed(paths, name);
  const stderrLog = openStderrLog(paths.stderrLog(name), process.stderr);
  const signals = watchEndSignals();
  const events = createBackendEvents();
  const server = await openBackend(config, env, { onStderr: stderrLog.write, onEvent: events.saw });
  if (config.backend.transport === 'stdio') events.started();
  try {
    const { enforce } = await import('./loaded-later/enforce.ts');
    signals.onAgain(() => void server.terminate(0));
    return await enforce({ ...options, loaded, server, events, signalled: signals.first });
  } catch (error) {
    await server.terminate(0);
    throw error;
  } finally {
    stderrLog.close();
  }
}
