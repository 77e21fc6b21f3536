import type { LineClient, WireMessage } from './line-client.ts';

/** What every request of revision 2026-07-28 carries, with the client's capabilities. */
const envelope = (capabilities: object = {}): object => ({
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientInfo': { name: 'stateless-client', version: '1.0.0' },
  'io.modelcontextprotocol/clientCapabilities': capabilities,
});

/** A client of the stateless era on raw lines, so that a test decides every member of what it sends. */
export interface StatelessClient {
  request(method: string, params?: object, id?: string | number): Promise<WireMessage>;
  send(id: string | number, method: string, params?: object): Promise<void>;
}

export function statelessClient(client: LineClient, capabilities: object): StatelessClient {
  const enveloped = (params: object = {}): object => ({ ...params, _meta: envelope(capabilities) });
  return {
    request: (method, params, id) => client.request(method, enveloped(params), id),
    send: (id, method, params) =>
      client.sendLine(JSON.stringify({ jsonrpc: '2.0', id, method, params: enveloped(params) })),
  };
}
