import { spawnSync } from 'node:child_process';
import { chmodSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { verifies } from '../requirements.ts';
import { plainServer } from '../resources/fixtures.ts';
import { eventually } from '../resources/journal.ts';
import { startManager } from '../resources/manager.ts';
import { TempHome } from '../resources/temp-home.ts';

/** What a program of another user gets: of each socket it connects to and each file it reads, the system's code or `open`. */
const attempts = `
const { connect } = require('node:net');
const { readFileSync } = require('node:fs');
const { sockets, files, port } = JSON.parse(process.argv[1]);
const tryConnect = (path) => new Promise((resolve) => {
  const socket = connect(path, () => { socket.destroy(); resolve('open'); });
  socket.on('error', (error) => resolve(error.code));
});
const tryRead = (path) => { try { readFileSync(path); return 'open'; } catch (error) { return error.code; } };
const status = async (path) => (await fetch('http://127.0.0.1:' + port + path)).status;
(async () => {
  const found = { sockets: [], files: files.map(tryRead) };
  for (const socket of sockets) found.sockets.push(await tryConnect(socket));
  found.health = await status('/healthz');
  found.status = await status('/trpc/manager.status');
  found.metrics = await status('/metrics');
  console.log(JSON.stringify(found));
})();
`;

interface Found {
  readonly sockets: readonly string[];
  readonly files: readonly string[];
  readonly health: number;
  readonly status: number;
  readonly metrics: number;
}

const nobody = 65_534;

function asNobody(targets: {
  readonly sockets: readonly string[];
  readonly files: readonly string[];
  readonly port: number;
}): Found {
  const uid = `--reuid=${nobody}`;
  const gid = `--regid=${nobody}`;
  const command = [uid, gid, '--clear-groups', process.execPath, '-e', attempts, JSON.stringify(targets)];
  const done = spawnSync('setpriv', command, { encoding: 'utf8', cwd: '/' });
  if (done.error !== undefined || done.status !== 0) {
    throw new Error(`This test needs root and setpriv (util-linux): ${done.error?.message ?? done.stderr}`);
  }
  return JSON.parse(done.stdout);
}

it(
  verifies(
    ['RUN-DIR', 'HOME-PRIVATE'],
    'another user of the machine cannot connect to a socket, nor read a file, and over HTTP is locked out',
  ),
  async () => {
    await using home = new TempHome();
    await using manager = await startManager(home);
    home.addProxy('plain', { backend: plainServer() });
    await using client = home.start('plain');
    await client.initialize();
    const { run } = home.paths;
    const inRun = (ending: string) =>
      readdirSync(run)
        .filter((name) => name.endsWith(ending))
        .map((name) => join(run, name));
    await eventually('the socket of the proxy', () => inRun('.sock').length === 3);
    const targets = {
      sockets: inRun('.sock'),
      files: [home.paths.managerPid, home.paths.managerSystemLog, home.paths.proxyConfig('plain')],
      port: manager.port,
    };

    const refused = {
      sockets: ['EACCES', 'EACCES', 'EACCES'],
      files: ['EACCES', 'EACCES', 'EACCES'],
      health: 200,
      status: 401,
      metrics: 401,
    };
    expect(asNobody(targets)).toEqual(refused);
    // Each layer holds by itself: the home is open by mistake, and then the folder of the sockets as well.
    chmodSync(home.base, 0o755);
    chmodSync(home.home, 0o755);
    expect(asNobody(targets)).toEqual(refused);
    chmodSync(run, 0o755);
    expect(asNobody(targets)).toEqual(refused);
  },
);
