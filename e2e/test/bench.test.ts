import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { verifies } from '../requirements.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('..', import.meta.url));
const tsx = createRequire(import.meta.url).resolve('tsx/cli');
const bench = (...args: readonly string[]) =>
  run(process.execPath, [tsx, 'bench/main.ts', ...args], { cwd: root, maxBuffer: 16 * 1024 * 1024 });

it(verifies(
  'BENCH-TABLE',
  'the bench measures every subject of both legs and prints its tables',
), async () => {
  const { stdout } = await bench('--quick');
  const [, stdio = '', http = '', ...rest] = stdout.split('\n## ');
  const tables = ['tools/call', 'tools/list', 'Throughput', 'Cost of the process in the middle'];
  const ours = ['SDK transports', 'mcp-acp (flush)', 'mcp-acp (sync)'];
  for (const title of [...tables, 'tools/call with a path', 'Open loop']) expect(stdio).toContain(title);
  for (const title of tables) expect(http).toContain(title);
  for (const subject of ['direct', 'bare Node pipe', ...ours]) expect(stdio).toContain(`| ${subject}`);
  for (const subject of ['direct', 'bare Node bridge', ...ours]) expect(http).toContain(`| ${subject}`);
  expect(rest.map((section) => section.split(/[ \n]/)[0])).toEqual(['What', 'Stages', 'Targets']);
}, 180_000);

it(verifies(
  'BENCH-TABLE',
  'with --json it prints nothing but JSON, every latency of it finite',
), async () => {
  const { stdout } = await bench('--quick', '--json', '--leg', 'http');
  const { legs, targets } = JSON.parse(stdout);
  expect(Object.keys(legs)).toEqual(['http']);
  expect(targets).toEqual([expect.objectContaining({ leg: 'http', aim: 3.5, unit: '× bridge' })]);
  const subjects = Object.entries<{ call: object; list: object; callsPerSecond: object }>(legs.http.subjects);
  expect(subjects.map(([id]) => id)).toEqual(['direct', 'bridge', 'naive', 'flush', 'sync']);
  for (const [, { call, list, callsPerSecond }] of subjects) {
    for (const shown of [call, list]) expect(shown).toMatchObject({ median: expect.any(Number) });
    expect(callsPerSecond).toEqual({ 1: expect.any(Number), 8: expect.any(Number), 64: expect.any(Number) });
  }
}, 120_000);

it(verifies('BENCH-TABLE', 'a leg or an option that there is not is named, with what there is'), async () => {
  for (const args of [['--leg', 'pigeon'], ['--pigeon']]) {
    await expect(bench(...args)).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/pigeon[\s\S]*--leg stdio\|http/),
    });
  }
}, 60_000);
