// A bridge from stdio to Streamable HTTP made of the SDK's own transports and nothing else: `node naive-http-proxy.mjs
// URL`. Each message is parsed, validated and written anew in both directions; nothing is decided and nothing recorded.
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';

const backend = new StreamableHTTPClientTransport(new URL(process.argv[2]));
const client = new StdioServerTransport();

function giveUp(error) {
  process.stderr.write(`${error}\n`);
  process.exit(1);
}

client.onmessage = (message) => backend.send(message).catch(giveUp);
backend.onmessage = (message) => {
  const revision = message.result?.protocolVersion;
  if (revision !== undefined) backend.setProtocolVersion(revision);
  client.send(message);
};
process.stdin.on('end', () => backend.close().finally(() => process.exit(0)));
await backend.start();
await client.start();
