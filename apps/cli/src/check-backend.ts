import type { Backend } from '@mcp-acp/config/proxy-config';
import { AcpError } from '@mcp-acp/shared/errors';
import { visible } from '@mcp-acp/shared/visible';
import type { BackendReport } from './loaded-later/speak-to-backend.ts';

/**
 * Starts the backend as a proxy would, asks for its tools and ends it. The handshake of the older era is tried first;
 * a backend that answers it with an error is started once more and spoken to in the newer one.
 * Throws AcpError('backend_not_started').
 */
export async function checkBackend(backend: Backend, env: NodeJS.ProcessEnv): Promise<BackendReport> {
  // Only this command needs the SDK, and it is larger than all the rest of the program.
  const { speakToBackend } = await import('./loaded-later/speak-to-backend.ts');
  const { command, args, cwd } = backend;
  const start = {
    command,
    args,
    ...(cwd === undefined ? {} : { cwd }),
    env: { ...inherited(backend, env), ...backend.env },
  };
  const first = await speakToBackend(start, 'stateful');
  if (first.ok) return first.report;
  if (answered(first.why)) {
    const second = await speakToBackend(start, 'stateless');
    if (second.ok) return second.report;
  }
  throw notStarted(backend, first.why, first.stderr);
}

function inherited(backend: Backend, env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    backend.inheritEnv.flatMap((name) => {
      const value = env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

/** Whether the backend spoke at all: it sent a JSON-RPC error, whose code is a number. */
const answered = (why: unknown): boolean =>
  typeof why === 'object' && why !== null && 'code' in why && typeof why.code === 'number';

function notStarted(backend: Backend, why: unknown, stderr: string): AcpError {
  const reason = why instanceof Error ? why.message : String(why);
  const lines = stderr.trim().split('\n').slice(-5);
  const said =
    stderr.trim() === '' ? '' : ` It wrote: ${lines.map((line) => visible(line.trim(), 200)).join(' | ')}`;
  const missing =
    backend.inheritEnv.length === 0 ? '' : ` Are ${backend.inheritEnv.join(', ')} set in this shell?`;
  return new AcpError('backend_not_started', `The backend did not list its tools: ${reason}.${said}`, {
    fix: `Run its command by itself to see what it needs.${missing} Or save without the check: --no-check`,
  });
}
