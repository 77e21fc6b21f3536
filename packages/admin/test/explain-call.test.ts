import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { explainCall } from '../src/explain-call.ts';
import { workshop } from './workshop.ts';

const everything = 'version: 1\nrules:\n  - { id: all, effect: allow, when: { mcp_method: "*" } }\n';
const rest = { subjectId: 'local:test', clientCwd: '/', userHome: '/home/test' };

test('the home is protected, through links and relative paths too', () => {
  using w = workshop(everything);
  mkdirSync(join(w.dir, 'project'));
  symlinkSync(w.paths.home, join(w.dir, 'project', 'link'));
  for (const path of [
    'home/manager.json',
    'project/link/manager.json',
    w.paths.policy('files'),
    'project/link/../home',
  ]) {
    const explained = explainCall(w.paths, 'files', {
      method: 'tools/call',
      toolName: 'read_file',
      arguments: { path },
      ...rest,
    });
    expect(explained).toMatchObject({ effect: 'deny' });
    expect(explained.protectedPaths.length).toBeGreaterThan(0);
  }
});

test('everything else is decided by the rules', () => {
  using w = workshop(everything);
  const explained = explainCall(w.paths, 'files', {
    method: 'tools/call',
    toolName: 'read_file',
    arguments: { path: 'project/a' },
    ...rest,
  });
  expect(explained).toMatchObject({
    effect: 'allow',
    decision: { decidedBy: 'all' },
    cwd: { assumed: false },
  });
  expect(explained.facts.operands[0]?.resolved).toBe(join(w.dir, 'project', 'a'));
});
