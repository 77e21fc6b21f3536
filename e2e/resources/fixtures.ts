import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const require = createRequire(import.meta.url);
const fixture = (name: string): string => resolve(here, '../fixtures', name);

/** A program and its arguments. */
export type Command = readonly [string, ...string[]];

export const plainServer = (...args: readonly string[]): Command => [
  process.execPath,
  fixture('plain-server.mjs'),
  ...args,
];
export const badServer = (mode: string, ...args: readonly string[]): Command => [
  process.execPath,
  fixture('bad-server.mjs'),
  mode,
  ...args,
];
/** `texts` is a file with a JSON list of them. */
export const hostileServer = (texts: string, ...args: readonly string[]): Command => [
  process.execPath,
  fixture('hostile-server.mjs'),
  texts,
  ...args,
];
export const v2Server: Command = [process.execPath, fixture('v2-server.mjs')];
export const everythingServer: Command = [
  process.execPath,
  require.resolve('@modelcontextprotocol/server-everything/dist/index.js'),
  'stdio',
];
export const filesystemServer = (folder: string): Command => [
  process.execPath,
  require.resolve('@modelcontextprotocol/server-filesystem/dist/index.js'),
  folder,
];
export const tapped = (directory: string, label: string, command: Command): Command => [
  process.execPath,
  fixture('tap.mjs'),
  directory,
  label,
  '--',
  ...command,
];

/** The committed executable that users run; `E2E_BINARY` names that of another build. */
export const binary = process.env.E2E_BINARY ?? join(resolve(here, '../..'), 'apps/cli/bin/mcp-acp.cjs');
