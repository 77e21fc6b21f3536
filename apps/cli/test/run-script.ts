import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startHttpServers } from './fixtures/http-servers.ts';

/**
 * A transcript is what a person would see in a terminal:
 *
 *     == what this part shows
 *     $ mcp-acp policy check draft.yaml
 *     what it prints on stdout
 *     ! what it prints on stderr
 *     [16]                         its exit code, where it is not 0
 *
 * Commands run in one folder, one after another, by /bin/sh. `$SERVERS` is the URL under which MCP servers listen.
 */
export interface Step {
  readonly heading: readonly string[];
  readonly command: string;
  readonly expected: readonly string[];
}

export function parseScript(text: string): readonly Step[] {
  const steps: { heading: string[]; command: string; expected: string[] }[] = [];
  let heading: string[] = [];
  for (const line of text.split('\n')) {
    if (line.startsWith('== ')) heading.push(line);
    else if (line.startsWith('$ ')) {
      steps.push({ heading, command: line.slice(2), expected: [] });
      heading = [];
    } else steps.at(-1)?.expected.push(line);
  }
  return steps.map((step) => ({ ...step, expected: withoutTrailingBlanks(step.expected) }));
}

export const formatScript = (steps: readonly Step[]): string =>
  `${steps
    .map(({ heading, command, expected }, index) =>
      [...(heading.length > 0 && index > 0 ? [''] : []), ...heading, `$ ${command}`, ...expected].join('\n'),
    )
    .join('\n')}\n`;

/** Runs the steps in a folder of their own and returns what they printed, in the form they expect it. */
export async function runScript(steps: readonly Step[]): Promise<readonly Step[]> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'acp-cli-')));
  const servers = await startHttpServers();
  try {
    const env = { ...prepare(folder), SERVERS: servers.url };
    const ran: Step[] = [];
    for (const step of steps) ran.push({ ...step, expected: await runStep(step.command, folder, env) });
    return ran;
  } finally {
    await servers.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

const bin = realpathSync(fileURLToPath(new URL('../bin/mcp-acp.cjs', import.meta.url)));
const fixtures = fileURLToPath(new URL('./fixtures/', import.meta.url));

function prepare(folder: string): NodeJS.ProcessEnv {
  const work = join(folder, 'work');
  const programs = join(folder, 'programs');
  mkdirSync(work);
  mkdirSync(programs);
  const shim = (name: string, line: string) => {
    writeFileSync(join(programs, name), `#!/bin/sh\n${line}\n`);
    chmodSync(join(programs, name), 0o755);
  };
  shim('mcp-acp', `exec "${process.execPath}" "${bin}" "$@"`);
  shim('backend', `exec "${process.execPath}" "${fixtures}backend.mjs"`);
  shim('stateless-backend', `exec "${process.execPath}" "${fixtures}stateless-backend.mjs"`);
  shim('debug-backend', `exec "${process.execPath}" "${fixtures}debug-backend.mjs"`);
  shim('agent', `exec "${process.execPath}" "${fixtures}agent.mjs" "${bin}" "$@"`);
  return {
    PATH: `${programs}:${process.env.PATH}`,
    HOME: folder,
    // What an interrupted edit leaves behind goes with the folder.
    TMPDIR: folder,
    MCP_ACP_HOME: join(folder, 'home'),
    LANG: 'C.UTF-8',
    TZ: 'UTC',
  };
}

function runStep(command: string, folder: string, env: NodeJS.ProcessEnv): Promise<readonly string[]> {
  return new Promise((resolve) => {
    const child = spawn('/bin/sh', ['-c', command], {
      cwd: join(folder, 'work'),
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let out = '';
    let err = '';
    child.stdout.on('data', (chunk) => {
      out += chunk;
    });
    child.stderr.on('data', (chunk) => {
      err += chunk;
    });
    child.on('close', (code, signal) => {
      const lines = (text: string) =>
        text === '' ? [] : stable(text, folder).replace(/\n$/, '').split('\n');
      resolve([
        ...lines(out),
        ...lines(err).map((line) => `! ${line}`),
        ...(code === 0 ? [] : [`[${code ?? signal}]`]),
      ]);
    });
  });
}

/** What differs from run to run and machine to machine gets a fixed name. */
const stable = (text: string, folder: string): string =>
  text
    .replaceAll(folder, '$TMP')
    .replace(/127\.0\.0\.1:[0-9]+/g, '127.0.0.1:PORT')
    .replace(/([→←⇒⇐]) +[0-9.]+ ms/g, '$1 N ms')
    .replace(/[0-9]+ bytes(?= {2}.*"name":"mcp-acp debug")/g, 'N bytes')
    .replace(/("mcp-acp debug","version":")[^"]+/g, '$1VERSION')
    .replace(/"atMs": [0-9.]+/g, '"atMs": N')
    .replace(/("log": "|logs show )[a-z2-7]{6}:[0-9]+/g, '$1ID:N')
    .replace(/mcp-acp-edit-[A-Za-z0-9]{6}/g, 'mcp-acp-edit-X')
    .replaceAll(bin, '$BIN')
    .replaceAll(process.execPath, '$NODE')
    .replace(/local:[^\s"]+/g, 'local:me')
    .replace(/px_[a-z2-7]{16}/g, 'px_ID')
    .replace(/inst_[a-z2-7]{16}/g, 'inst_ID')
    .replace(/(appr|grnt)_[a-z2-7]{16}/g, '$1_ID')
    .replace(/\b[0-9a-f]{64}\b/g, 'DIGEST')
    .replace(/\b[0-9a-f]{12}\b/g, 'DIGEST')
    .replace(/\b[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9:.]+Z?/g, 'TIME')
    .replace(/\b[a-z2-7]{6}:([0-9]+) {1,}/g, 'ID:$1 ')
    .replace(/\b[0-9]+\.[0-9]+ ms/g, 'N ms')
    .replace(/\bpid [0-9]+/g, 'pid N')
    .replace(/_TIME|_[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9-]+Z/g, '_TIME');

function withoutTrailingBlanks(lines: readonly string[]): readonly string[] {
  let end = lines.length;
  while (end > 0 && lines[end - 1] === '') end--;
  return lines.slice(0, end);
}
