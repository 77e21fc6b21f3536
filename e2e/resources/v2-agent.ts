import { Client, type ClientCapabilities, type JSONRPCMessage } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import type { Command } from './fixtures.ts';
import { definedOnly } from './v1-agent.ts';

/** A client on the SDK's second line, connected and closed at the end of the test. */
export interface V2Agent extends AsyncDisposable {
  readonly client: Client;
  /** Every message that came, as its transport read it: the client may drop progress that comes along with its answer. */
  readonly seen: readonly JSONRPCMessage[];
}

export async function v2Agent(
  command: Command,
  env: NodeJS.ProcessEnv,
  mode: 'auto' | { readonly pin: string },
  capabilities: ClientCapabilities = { elicitation: {} },
): Promise<V2Agent> {
  const [program, ...args] = command;
  const transport = new StdioClientTransport({
    command: program,
    args,
    env: definedOnly(env),
    stderr: 'ignore',
  });
  const client = new Client(
    { name: 'v2-agent', version: '1.0.0' },
    { versionNegotiation: { mode }, capabilities },
  );
  if (capabilities.elicitation !== undefined) {
    client.setRequestHandler('elicitation/create', async () => ({
      action: 'accept',
      content: { name: 'Ada' },
    }));
  }
  await client.connect(transport);
  const seen: JSONRPCMessage[] = [];
  const { onmessage } = transport;
  transport.onmessage = (message) => {
    seen.push(message);
    onmessage?.(message);
  };
  return { client, seen, [Symbol.asyncDispose]: () => client.close() };
}
