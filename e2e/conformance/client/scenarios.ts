import type { Client, ClientOptions } from '@modelcontextprotocol/client';

/** What the suite's client must do in one scenario. */
export interface Behaviour {
  readonly capabilities?: ClientOptions['capabilities'];
  readonly prepare?: (client: Client) => void;
  readonly run: (client: Client) => Promise<unknown>;
}

const accepting =
  (content: Record<string, boolean>) =>
  (client: Client): void =>
    client.setRequestHandler('elicitation/create', async () => ({ action: 'accept' as const, content }));

/** Calls that the suite asks for, by an environment variable. */
function requestedCalls(): readonly { readonly name: string; readonly arguments: Record<string, unknown> }[] {
  const { toolCalls = [] } = JSON.parse(process.env.MCP_CONFORMANCE_CONTEXT ?? '{}');
  return toolCalls;
}

async function callInTurn(client: Client, names: readonly string[]): Promise<void> {
  for (const name of names) {
    // A result that the SDK finds wrong is an error here; the suite judges what was sent.
    await client.callTool({ name, arguments: {} }).catch(() => {});
  }
}

/** By the suite's names. */
export const behaviours: Readonly<Record<string, Behaviour>> = {
  initialize: { run: (client) => client.listTools() },
  tools_call: {
    async run(client) {
      await client.listTools();
      await client.callTool({ name: 'add_numbers', arguments: { a: 5, b: 3 } });
    },
  },
  'elicitation-sep1034-client-defaults': {
    capabilities: { elicitation: { form: { applyDefaults: true } } },
    prepare: accepting({}),
    run: (client) => client.callTool({ name: 'test_client_elicitation_defaults', arguments: {} }),
  },
  'sse-retry': { run: (client) => client.callTool({ name: 'test_reconnection', arguments: {} }) },
  'request-metadata': {
    capabilities: { roots: { listChanged: true }, sampling: {}, elicitation: {} },
    run: (client) => client.listTools(),
  },
  'http-standard-headers': {
    async run(client) {
      const [tool] = (await client.listTools()).tools;
      if (tool !== undefined) await client.callTool({ name: tool.name, arguments: {} });
      const [resource] = (await client.listResources()).resources;
      if (resource !== undefined) await client.readResource({ uri: resource.uri });
      const [prompt] = (await client.listPrompts()).prompts;
      if (prompt !== undefined) await client.getPrompt({ name: prompt.name });
    },
  },
  'http-custom-headers': {
    async run(client) {
      await client.listTools();
      for (const call of requestedCalls()) await client.callTool(call);
    },
  },
  'http-invalid-tool-headers': {
    async run(client) {
      for (const { name } of (await client.listTools()).tools) {
        await client.callTool({ name, arguments: { region: 'north' } }).catch(() => {});
      }
    },
  },
  'json-schema-ref-no-deref': { run: (client) => client.listTools() },
  'json-schema-2020-12-preservation': {
    async run(client) {
      const { tools } = await client.listTools();
      const schema = tools.find(({ name }) => name === 'json_schema_2020_12_tool')?.inputSchema;
      await client.callTool({ name: 'json_schema_echo', arguments: { schema } });
    },
  },
  'sep-2322-client-request-state': {
    capabilities: { elicitation: {} },
    prepare: accepting({ confirmed: true }),
    run: (client) =>
      callInTurn(client, [
        'test_mrtr_echo_state',
        'test_mrtr_no_state',
        'test_mrtr_unrelated',
        'test_mrtr_no_result_type',
      ]),
  },
};
