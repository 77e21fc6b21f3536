// The dashboard with hot reload against the manager that runs: pages come from Next, what they ask goes to the manager.
// The manager answers to its own address only, so requests go on under that one, and only those of the page itself do.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request as requestOf } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const room = fileURLToPath(new URL('.', import.meta.url));
const cli = join(room, '..', 'cli', 'bin', 'mcp-acp.cjs');
const host = '127.0.0.1';
const port = Number(process.env.PORT ?? 8766);
/** A one-time code is good for so long. Milliseconds. */
const codeMs = 30_000;

function mcpAcp(...args) {
  const ran = spawnSync(process.execPath, [cli, ...args, '--json'], { encoding: 'utf8' });
  if (ran.status === 0) return JSON.parse(ran.stdout);
  throw new Error(`mcp-acp ${args.join(' ')} failed: ${ran.stderr || ran.stdout}`);
}

const { manager } = mcpAcp('manager', 'status');
if (manager?.port === undefined) throw new Error('No manager runs. Start it: mcp-acp manager start');
const managerHost = `${host}:${manager.port}`;
const ownHost = `${host}:${port}`;
const ownOrigin = `http://${ownHost}`;

process.env.NEXT_TELEMETRY_DISABLED = '1';
process.env.NEXT_PUBLIC_MANAGER_ORIGIN = `http://${managerHost}`;
const { default: next } = await import('next');
const app = next({ dev: true, dir: room, hostname: host, port });
await app.prepare();
const pages = app.getRequestHandler();
const pageSockets = app.getUpgradeHandler();

const isForManager = (url) => url === '/trpc' || url.startsWith('/trpc/') || url.startsWith('/trpc?');

/** Another site may know this port: it must not pass as the page because the manager is told its own address. */
const isOwn = ({ headers }) =>
  headers.host === ownHost && (headers.origin === undefined || headers.origin === ownOrigin);

const headersFor = ({ headers }) => ({
  ...headers,
  host: managerHost,
  ...(headers.origin === undefined ? {} : { origin: `http://${managerHost}` }),
});

function toManager(request, response) {
  const { method, url: path } = request;
  const onward = requestOf({ host, port: manager.port, method, path, headers: headersFor(request) });
  onward.on('response', (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  onward.on('error', () => {
    if (!response.headersSent) response.writeHead(502);
    response.end();
  });
  request.pipe(onward);
}

function socketToManager(request, socket, head) {
  const onward = connect(manager.port, host, () => {
    const lines = Object.entries(headersFor(request)).map(([name, value]) => `${name}: ${value}`);
    onward.write(`GET ${request.url} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
    onward.write(head);
    onward.pipe(socket).pipe(onward);
  });
  onward.on('error', () => socket.destroy());
  socket.on('error', () => onward.destroy());
}

const server = createServer((request, response) => {
  if (!isOwn(request)) return response.writeHead(403).end();
  if (isForManager(request.url ?? '')) return toManager(request, response);
  return pages(request, response);
});
server.on('upgrade', (request, socket, head) => {
  if (!isOwn(request)) return socket.destroy();
  if (isForManager(request.url ?? '')) return socketToManager(request, socket, head);
  return pageSockets(request, socket, head);
});
await new Promise((resolve, reject) => server.once('error', reject).listen(port, host, resolve));

/** The file that unlocks the dashboard, made to lead here. */
function unlockingFile() {
  const { file } = mcpAcp('manager', 'open', '--no-browser');
  const folder = mkdtempSync(join(tmpdir(), 'mcp-acp-dev-'));
  const copy = join(folder, 'open.html');
  writeFileSync(copy, readFileSync(file, 'utf8').replaceAll(managerHost, ownHost), { mode: 0o600 });
  const remove = () => rmSync(folder, { recursive: true, force: true });
  process.once('exit', remove);
  setTimeout(remove, codeMs).unref();
  return copy;
}

const sayHow = () => process.stdout.write(`Open within 30 seconds: file://${unlockingFile()}\n`);
process.stdout.write(`The dashboard of ${managerHost} is at ${ownOrigin}. Enter makes a new code.\n`);
sayHow();
process.stdin.on('data', sayHow);
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(0));
