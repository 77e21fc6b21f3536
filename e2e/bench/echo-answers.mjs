// What the least of MCP servers says: the text of an answer, without a newline. Both backends of the bench are made of it.

/** @param {number} count tools in the list, the first of which is `echo` */
export function echoAnswers(count) {
  const tools = Array.from({ length: count }, (_, index) => ({
    name: index === 0 ? 'echo' : `look_up_${index}`,
    description:
      'Looks up a record in a collection and returns the fields that were asked for, newest first.',
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

  return ({ id, method, params }) => {
    const head = `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":`;
    if (method === 'tools/call') {
      const text = JSON.stringify(`Echo: ${params.arguments?.message ?? ''}`);
      return `${head}{"content":[{"type":"text","text":${text}}]}}`;
    }
    if (method === 'tools/list') return `${head}${list}}`;
    if (method === 'initialize') {
      const result = {
        protocolVersion: params.protocolVersion,
        capabilities: { tools: {} },
        serverInfo: { name: 'echo-backend', version: '1.0.0' },
      };
      return `${head}${JSON.stringify(result)}}`;
    }
    return `${head}{}}`;
  };
}
