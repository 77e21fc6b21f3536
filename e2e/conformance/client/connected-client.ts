import { Client, type ClientOptions, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { TempHome } from '../../resources/temp-home.ts';
import { definedOnly } from '../../resources/v1-agent.ts';

/** A client of the official SDK that is connected to the suite's server. */
export interface ConnectedClient extends AsyncDisposable {
  readonly client: Client;
}

export interface Connecting {
  /** `direct`: the SDK's own HTTP. `proxied`: the SDK on stdio, and the proxy's HTTP behind it. */
  readonly way: 'direct' | 'proxied';
  readonly url: string;
  readonly revision: string;
  readonly capabilities?: ClientOptions['capabilities'];
  /** Readies the client before it is connected. */
  readonly prepare?: (client: Client) => void;
}

const stateless = '2026-07-28';

export async function connectClient(connecting: Connecting): Promise<ConnectedClient> {
  const { way, url, revision, capabilities = {}, prepare } = connecting;
  const negotiation = revision === stateless ? { versionNegotiation: { mode: 'auto' as const } } : {};
  const client = new Client({ name: 'suite-client', version: '1.0.0' }, { capabilities, ...negotiation });
  prepare?.(client);
  if (way === 'direct') {
    await client.connect(new StreamableHTTPClientTransport(new URL(url)));
    return { client, [Symbol.asyncDispose]: () => client.close() };
  }
  const home = new TempHome();
  home.addProxy('suite', { backend: { transport: 'http', url } });
  const [command, ...args] = home.startCommand('suite');
  await client.connect(new StdioClientTransport({ command, args, env: definedOnly(home.env) }));
  return {
    client,
    async [Symbol.asyncDispose]() {
      await client.close();
      await home[Symbol.asyncDispose]();
    },
  };
}
