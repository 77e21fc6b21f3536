import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import type { ClientCapabilities, JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import type { Command } from './fixtures.ts';

/** A client on the SDK's first line, connected and closed at the end of the test. */
export interface V1Agent extends AsyncDisposable {
  readonly client: Client;
  /** The revision the server chose in the handshake. */
  readonly revision: () => string | undefined;
  /** Every message that came, as its transport read it: the client may drop progress that comes along with its answer. */
  readonly seen: readonly JSONRPCMessage[];
}

export async function v1Agent(
  command: Command,
  env: NodeJS.ProcessEnv,
  capabilities: ClientCapabilities = {},
): Promise<V1Agent> {
  const [program, ...args] = command;
  const transport = new StdioClientTransport({
    command: program,
    args,
    env: definedOnly(env),
    stderr: 'ignore',
  });
  let revision: string | undefined;
  Object.assign(transport, {
    setProtocolVersion: (version: string) => {
      revision = version;
    },
  });
  const client = new Client({ name: 'v1-agent', version: '1.0.0' }, { capabilities });
  await client.connect(transport);
  const seen: JSONRPCMessage[] = [];
  const { onmessage } = transport;
  transport.onmessage = (message) => {
    seen.push(message);
    onmessage?.(message);
  };
  return { client, revision: () => revision, seen, [Symbol.asyncDispose]: () => client.close() };
}

/** An environment as the SDK's transports want it. */
export function definedOnly(env: NodeJS.ProcessEnv): Record<string, string> {
  const entries = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries(entries);
}
