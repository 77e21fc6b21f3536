import { chmodSync, chownSync, lstatSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkSocket, ensureRunDir } from '../src/run-dir.ts';
import { temporaryHome } from './temporary-home.ts';

const refused = (message: RegExp) =>
  expect.objectContaining({ code: 'config_invalid', message: expect.stringMatching(message) });
const mode = (path: string) => statSync(path).mode & 0o777;

/** Listens until the end of the scope. */
async function listening(path: string) {
  const server: Server = createServer();
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return { [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())) };
}

test('[RUN-DIR] the folder for sockets is made private, with what leads to it', () => {
  using home = temporaryHome();
  const old = process.umask(0o777 & 0o022);
  ensureRunDir(home.paths.run);
  process.umask(old);
  expect(mode(home.paths.run)).toBe(0o700);
  expect(mode(home.paths.home)).toBe(0o700);
});

test('[RUN-DIR] one that others may read is closed to them', () => {
  using home = temporaryHome();
  ensureRunDir(home.paths.run);
  chmodSync(home.paths.run, 0o755);
  ensureRunDir(home.paths.run);
  expect(mode(home.paths.run)).toBe(0o700);
});

test('[RUN-DIR] what others can write into, a link and another type are refused and left as they are', () => {
  using home = temporaryHome();
  const { run } = home.paths;
  ensureRunDir(run);
  for (const wide of [0o770, 0o702, 0o777]) {
    chmodSync(run, wide);
    expect(() => ensureRunDir(run)).toThrow(refused(/written into by other users/));
    expect(mode(run)).toBe(wide);
  }
  chmodSync(run, 0o700);
  const link = join(home.dir, 'link');
  symlinkSync(run, link);
  expect(() => ensureRunDir(link)).toThrow(refused(/something else than a folder/));
  expect(lstatSync(link).isSymbolicLink()).toBe(true);
  const dangling = join(home.dir, 'dangling');
  symlinkSync(join(home.dir, 'nowhere'), dangling);
  expect(() => ensureRunDir(dangling)).toThrow(refused(/something else than a folder/));
  const file = join(home.dir, 'file');
  writeFileSync(file, '');
  expect(() => ensureRunDir(file)).toThrow(refused(/something else than a folder/));
  expect(() => ensureRunDir(join(file, 'run'))).toThrow(refused(/cannot be made \(ENOTDIR\)/));
});

test('[RUN-DIR] a socket is connected to only where it is one of ours', async () => {
  using home = temporaryHome();
  ensureRunDir(home.paths.run);
  const socket = home.paths.managerSocket;
  expect(checkSocket(socket)).toBe('absent');
  expect(checkSocket(join(home.dir, 'nowhere', 'manager.sock'))).toBe('absent');
  await using _ = await listening(socket);
  expect(checkSocket(socket)).toBe('there');
  const link = join(home.paths.run, 'proxy_files.sock');
  symlinkSync(socket, link);
  expect(checkSocket(link)).toBe('there');
  const dangling = join(home.paths.run, 'proxy_gone.sock');
  symlinkSync('proxy_gone.inst.sock', dangling);
  expect(checkSocket(dangling)).toBe('absent');

  const file = join(home.paths.run, 'proxy_file.sock');
  writeFileSync(file, '');
  expect(() => checkSocket(file)).toThrow(refused(/no socket/));
  mkdirSync(join(home.paths.run, 'proxy_dir.sock'));
  expect(() => checkSocket(join(home.paths.run, 'proxy_dir.sock'))).toThrow(refused(/no socket/));
  chmodSync(home.paths.run, 0o720);
  expect(() => checkSocket(socket)).toThrow(refused(/its folder/));
});

test('[RUN-DIR] what belongs to another user is refused', async () => {
  using home = temporaryHome();
  ensureRunDir(home.paths.run);
  const socket = home.paths.managerSocket;
  await using _ = await listening(socket);
  const own = process.getuid;
  if (own === undefined) throw new Error('This system has no owners of files.');
  // Seen from another user's process, everything here is somebody else's.
  const uid = own();
  process.getuid = () => uid + 1;
  try {
    expect(() => ensureRunDir(home.paths.run)).toThrow(refused(/another user/));
    expect(() => checkSocket(socket)).toThrow(refused(/its folder/));
  } finally {
    process.getuid = own;
  }
  if (uid !== 0) return;
  // Only root can give a file away; the socket alone is foreign here.
  chownSync(socket, 65_534, 65_534);
  expect(() => checkSocket(socket)).toThrow(refused(/another user/));
});
