// The least an MCP server can be, so that the cost of what stands in front of it dominates: `node echo-backend.mjs TOOLS`.
const count = Number(process.argv[2] ?? 20);

const tools = Array.from({ length: count }, (_, index) => ({
  name: index === 0 ? 'echo' : `look_up_${index}`,
  description: 'Looks up a record in a collection and returns the fields that were asked for, newest first.',
  inputSchema: {
    type: 'object',
    properties: {
      message: { type: 'string', description: 'What to say' },
      limit: { type: 'integer', minimum: 1, maximum: 100 },
    },
  },
  annotations: { readOnlyHint: true },
}));
const list = JSON.stringify({ tools });

function answer({ id, method, params }) {
  const head = `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":`;
  if (method === 'tools/call') {
    const text = JSON.stringify(`Echo: ${params.arguments?.message ?? ''}`);
    return `${head}{"content":[{"type":"text","text":${text}}]}}\n`;
  }
  if (method === 'tools/list') return `${head}${list}}\n`;
  if (method === 'initialize') {
    const result = {
      protocolVersion: params.protocolVersion,
      capabilities: { tools: {} },
      serverInfo: { name: 'echo-backend', version: '1.0.0' },
    };
    return `${head}${JSON.stringify(result)}}\n`;
  }
  return `${head}{}}\n`;
}

let rest = Buffer.alloc(0);
process.stdin.on('data', (chunk) => {
  const data = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
  let out = '';
  let start = 0;
  for (let end = data.indexOf(10); end !== -1; end = data.indexOf(10, start)) {
    const message = JSON.parse(data.toString('utf8', start, end));
    start = end + 1;
    if (message.id !== undefined && message.method !== undefined) out += answer(message);
  }
  rest = data.subarray(start);
  if (out !== '') process.stdout.write(out);
});
process.stdin.on('end', () => process.exit(0));
