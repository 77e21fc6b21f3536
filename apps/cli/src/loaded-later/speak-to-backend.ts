import { Client } from '@modelcontextprotocol/client';
import { getDefaultEnvironment, StdioClientTransport } from '@modelcontextprotocol/client/stdio';

/** What a backend says about itself. Everything in it is a foreign party's word. */
export interface BackendReport {
  readonly server?: string;
  readonly revision?: string;
  readonly tools: readonly { readonly name: string; readonly readOnly: boolean }[];
}

export interface BackendToStart {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  /** What it gets beside the default environment. */
  readonly env: Readonly<Record<string, string>>;
}

export type Attempt =
  | { readonly ok: true; readonly report: BackendReport }
  | { readonly ok: false; readonly why: unknown; readonly stderr: string };

const timeoutMs = 30_000;
/** The revision of the era that has no initialize. */
const statelessRevision = '2026-07-28';
/** How much of what the backend writes on stderr is kept, in characters. */
const stderrTail = 2_048;

/** Starts a backend, asks for its tools and ends it. Throws nothing: this file is a program of its own once built. */
export async function speakToBackend(
  backend: BackendToStart,
  era: 'stateful' | 'stateless',
): Promise<Attempt> {
  const transport = new StdioClientTransport({
    command: backend.command,
    args: [...backend.args],
    env: { ...getDefaultEnvironment(), ...backend.env },
    stderr: 'pipe',
    ...(backend.cwd === undefined ? {} : { cwd: backend.cwd }),
  });
  let stderr = '';
  transport.stderr?.on('data', (chunk: Buffer) => {
    stderr = (stderr + chunk.toString('utf8')).slice(-stderrTail);
  });
  const client = new Client(
    { name: 'mcp-acp', version: '1' },
    { versionNegotiation: { mode: era === 'stateful' ? 'legacy' : { pin: statelessRevision } } },
  );
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
