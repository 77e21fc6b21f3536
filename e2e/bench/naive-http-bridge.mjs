// The least a Node process between a client on stdio and a server on Streamable HTTP can do: a line becomes the body of
// a POST, the body of a JSON reply a line. `node naive-http-bridge.mjs URL`.
import { Agent, request } from 'node:http';

const { hostname, port, pathname: path } = new URL(process.argv[2]);
const agent = new Agent({ keepAlive: true, noDelay: true });
const fixed = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
let session = {};

function giveUp(reason) {
  process.stderr.write(`${reason}\n`);
  process.exit(1);
}

function post(body) {
  const headers = { ...fixed, ...session, 'content-length': body.length };
  const sent = request({ hostname, port, path, method: 'POST', agent, headers }, (reply) => {
    const opened = reply.headers['mcp-session-id'];
    if (opened !== undefined) session = { 'mcp-session-id': opened };
    const chunks = [];
    reply.on('data', (chunk) => chunks.push(chunk));
    reply.on('end', () => {
      if (reply.statusCode === 200) process.stdout.write(Buffer.concat([...chunks, Buffer.from('\n')]));
      else if (reply.statusCode !== 202) giveUp(`HTTP ${reply.statusCode}`);
    });
  });
  sent.on('error', giveUp);
  sent.end(body);
}

let rest = Buffer.alloc(0);
process.stdin.on('data', (chunk) => {
  const data = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
  let start = 0;
  for (let end = data.indexOf(10); end !== -1; end = data.indexOf(10, start)) {
    post(data.subarray(start, end));
    start = end + 1;
  }
  rest = data.subarray(start);
});
process.stdin.on('end', () => process.exit(0));
