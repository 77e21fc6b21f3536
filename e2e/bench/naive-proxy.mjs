// A proxy made of the SDK's own transports and nothing else: `node naive-proxy.mjs COMMAND ARGS…`. Each message is
// parsed, validated and written anew in both directions; nothing is decided and nothing recorded.
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';

const [command, ...args] = process.argv.slice(2);
const backend = new StdioClientTransport({ command, args, stderr: 'inherit' });
const client = new StdioServerTransport();
client.onmessage = (message) => backend.send(message);
backend.onmessage = (message) => client.send(message);
backend.onclose = () => process.exit(0);
process.stdin.on('end', () => backend.close().finally(() => process.exit(0)));
await backend.start();
await client.start();
