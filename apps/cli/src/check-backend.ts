import { homedir } from 'node:os';
import type { Backend } from '@mcp-acp/config/proxy-config';
import { AcpError } from '@mcp-acp/shared/errors';
import { visible } from '@mcp-acp/shared/visible';

/** What a backend says about itself. Everything in it is a foreign party's word. */
export interface BackendReport {
  readonly server?: string;
  readonly revision?: string;
  readonly tools: readonly { readonly name: string; readonly readOnly: boolean }[];
}

const timeoutMs = 30_000;
/** The revision of the era that has no initialize. */
const statelessRevision = '2026-07-28';
const stderrTail = 2_048;

type Attempt =
  | { readonly ok: true; readonly report: BackendReport }
  | { readonly ok: false; readonly why: unknown; readonly stderr: string };

/**
 * Starts the backend as a proxy would, asks for its tools and ends it. The handshake of the older era is tried first;
 * a backend that answers it with an error is started once more and spoken to in the newer one.
 * Throws AcpError('backend_not_started').
 */
export async function checkBackend(backend: Backend, env: NodeJS.ProcessEnv): Promise<BackendReport> {
  const first = await attempt(backend, env, 'legacy');
  if (first.ok) return first.report;
  if (answered(first.why)) {
    const second = await attempt(backend, env, { pin: statelessRevision });
    if (second.ok) return second.report;
  }
  throw notStarted(backend, first.why, first.stderr);
}

async function attempt(
  backend: Backend,
  env: NodeJS.ProcessEnv,
  mode: 'legacy' | { pin: string },
): Promise<Attempt> {
  // Loaded here: only this command needs it, and it is the largest part of the program.
  const [{ Client }, { StdioClientTransport, getDefaultEnvironment }] = await Promise.all([
    import('@modelcontextprotocol/client'),
    import('@modelcontextprotocol/client/stdio'),
  ]);
  const transport = new StdioClientTransport({
    command: backend.command,
    args: [...backend.args],
    env: {
      ...getDefaultEnvironment(),
      HOME: env.HOME ?? homedir(),
      ...inherited(backend, env),
      ...backend.env,
    },
    stderr: 'pipe',
    ...(backend.cwd === undefined ? {} : { cwd: backend.cwd }),
  });
  let stderr = '';
  transport.stderr?.on('data', (chunk: Buffer) => {
    stderr = (stderr + chunk.toString('utf8')).slice(-stderrTail);
  });
  const client = new Client({ name: 'mcp-acp', version: '1' }, { versionNegotiation: { mode } });
  try {
    await client.connect(transport, { timeout: timeoutMs });
    const tools =
      client.getServerCapabilities()?.tools === undefined
        ? []
        : (await client.listTools(undefined, { timeout: timeoutMs })).tools;
    const server = client.getServerVersion();
    const revision = client.getNegotiatedProtocolVersion();
    return {
      ok: true,
      report: {
        ...(server === undefined ? {} : { server: `${server.name} ${server.version}` }),
        ...(revision === undefined ? {} : { revision }),
        tools: tools.map(({ name, annotations }) => ({ name, readOnly: annotations?.readOnlyHint === true })),
      },
    };
  } catch (why) {
    return { ok: false, why, stderr };
  } finally {
    await client.close().catch(() => {});
    await transport.close().catch(() => {});
  }
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
