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

it(verifies('BENCH-TABLE', 'the bench measures every subject and prints its tables'), async () => {
  const { stdout } = await bench('--quick');
  for (const title of [
    'tools/call',
    'tools/list',
    'Throughput',
    'Open loop',
    'Stages of one call',
    'Targets',
  ]) {
    expect(stdout).toContain(title);
  }
  for (const subject of ['direct', 'bare Node pipe', 'SDK transports', 'mcp-acp (flush)', 'mcp-acp (sync)']) {
    expect(stdout).toContain(`| ${subject}`);
  }
}, 120_000);

it(verifies('BENCH-TABLE', 'with --json it prints nothing but JSON, every number of it finite'), async () => {
  const { stdout } = await bench('--quick', '--json');
  const results = JSON.parse(stdout);
  expect(results.targets).toHaveLength(5);
  for (const subject of Object.values<{ call: { median: number } }>(results.subjects)) {
    expect(subject.call.median).toBeGreaterThan(0);
  }
}, 120_000);
