// The least an MCP server on Streamable HTTP can be: JSON replies, a session for each client, no stream of its own.
// `node http-echo-backend.mjs TOOLS` says `{"port":N}` once it listens and ends with its standard input.
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { echoAnswers } from './echo-answers.mjs';

const answer = echoAnswers(Number(process.argv[2] ?? 20));
const sessions = new Set();

function reply(response, request, body) {
  const message = JSON.parse(body.toString('utf8'));
  const headers = { 'content-type': 'application/json' };
  if (message.method === 'initialize') {
    headers['mcp-session-id'] = randomUUID();
    sessions.add(headers['mcp-session-id']);
  } else if (!sessions.has(request.headers['mcp-session-id'])) {
    return response.writeHead(404).end();
  }
  if (message.id === undefined || message.method === undefined) return response.writeHead(202).end();
  const text = Buffer.from(answer(message));
  headers['content-length'] = text.length;
  response.writeHead(200, headers).end(text);
}

const server = createServer((request, response) => {
  if (request.method === 'DELETE') {
    sessions.delete(request.headers['mcp-session-id']);
    return response.writeHead(204).end();
  }
  if (request.method !== 'POST') return response.writeHead(405, { allow: 'POST, DELETE' }).end();
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => reply(response, request, Buffer.concat(chunks)));
});
// A subject whose turn is long ago still finds its connection open.
server.keepAliveTimeout = 600_000;
server.on('connection', (socket) => socket.setNoDelay(true));
server.listen(0, '127.0.0.1', () => process.stdout.write(`{"port":${server.address().port}}\n`));
process.stdin.resume().on('end', () => process.exit(0));
