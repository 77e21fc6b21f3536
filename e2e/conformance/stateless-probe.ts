/** What a server over HTTP answered to one request. */
export interface Answer {
  readonly status: number;
  readonly messages: readonly unknown[];
}

const revision = '2026-07-28';
const capabilities = { elicitation: {}, sampling: {}, roots: {} };
const prefix = 'io.modelcontextprotocol';

/** Arguments of the tools that need some. */
const given: Readonly<Record<string, object>> = {
  test_parameter_header: {},
  json_schema_2020_12_tool: { email: 'ada@example.org' },
};

interface Ask {
  readonly method: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly version?: string;
  readonly capabilities?: object;
}

/** Sends one request of the stateless era, as a client that does everything right would. */
async function ask(url: string, { method, params, version = revision, ...asked }: Ask): Promise<Answer> {
  const _meta = {
    [`${prefix}/protocolVersion`]: version,
    [`${prefix}/clientInfo`]: { name: 'probe', version: '1.0.0' },
    [`${prefix}/clientCapabilities`]: asked.capabilities ?? capabilities,
    progressToken: 'mine',
  };
  const named = params?.name ?? params?.uri;
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': version,
      'mcp-method': method,
      ...(typeof named === 'string' ? { 'mcp-name': named } : {}),
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 'probe', method, params: { ...params, _meta } }),
  });
  return { status: response.status, messages: messagesIn(await response.text()) };
}

/** The messages of a body, of JSON or of events. A sealed state is made of chance and is left out. */
function messagesIn(body: string): readonly unknown[] {
  const lines = body.startsWith('{') ? [body] : body.split('\n').filter((line) => line.startsWith('data: {'));
  return lines.map((line) =>
    JSON.parse(line.replace(/^data: /, ''), (key, value) => (key === 'requestState' ? 'sealed' : value)),
  );
}

interface Listed {
  readonly name: string;
  readonly uri: string;
}

async function listed(url: string, method: string, member: string): Promise<readonly Listed[]> {
  const { messages } = await ask(url, { method });
  const [message] = messages as readonly { readonly result: Readonly<Record<string, readonly Listed[]>> }[];
  return message?.result[member] ?? [];
}

/** Calls, gets and reads all that a server lists, asks what it must refuse, and keeps every answer. */
export async function everyAnswer(url: string): Promise<Readonly<Record<string, Answer>>> {
  const tools = await listed(url, 'tools/list', 'tools');
  const prompts = await listed(url, 'prompts/list', 'prompts');
  const resources = await listed(url, 'resources/list', 'resources');
  const names = { arg1: 'a', arg2: 'b', resourceUri: 'test://x' };
  const accepted = { action: 'accept', content: { name: 'Ada', ok: true, context: 'here' } };
  const asks: readonly Ask[] = [
    ...['server/discover', 'tools/list', 'prompts/list', 'resources/list', 'resources/templates/list'].map(
      (method) => ({ method }),
    ),
    ...tools.map(({ name }) => ({ method: 'tools/call', params: { name, arguments: given[name] ?? {} } })),
    ...prompts.map(({ name }) => ({ method: 'prompts/get', params: { name, arguments: names } })),
    ...resources.map(({ uri }) => ({ method: 'resources/read', params: { uri } })),
    { method: 'resources/read', params: { uri: 'test://template/7/data' } },
    { method: 'resources/read', params: { uri: 'test://nowhere' } },
    { method: 'tools/call', params: { name: 'no_such_tool', arguments: {} } },
    { method: 'tools/call', params: { name: 'json_schema_2020_12_tool', arguments: { phone: 7 } } },
    {
      method: 'tools/call',
      params: {
        name: 'test_input_required_result_elicitation',
        arguments: {},
        inputResponses: { user_name: accepted },
      },
    },
    {
      method: 'prompts/get',
      params: { name: 'test_input_required_result_prompt', inputResponses: { user_context: accepted } },
    },
    { method: 'tools/call', params: { name: 'test_missing_capability', arguments: {} }, capabilities: {} },
    { method: 'server/discover', version: '2099-01-01' },
    ...['initialize', 'ping', 'logging/setLevel', 'resources/subscribe', 'unknown/method'].map((method) => ({
      method,
    })),
  ];
  const answers: Record<string, Answer> = {};
  for (const each of asks) answers[JSON.stringify(each)] = await ask(url, each);
  return answers;
}
