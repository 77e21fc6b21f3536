import { join } from 'node:path';
import { expect, test } from 'vitest';
import { tryCall } from '../src/try-call.ts';
import { workshop } from './workshop.ts';

const everything = 'version: 1\nrules:\n  - { id: all, effect: allow, when: { mcp_method: "*" } }\n';
const nothing = 'version: 1\nrules:\n  - { id: no, effect: deny, when: { arguments: { uri: "file:*" } } }\n';

test('a call is tried by the saved policy, or by a text that is not saved', () => {
  using w = workshop(everything);
  const call = { method: 'resources/read', uri: 'file:///p/a' };
  const tried = tryCall(w.paths, 'files', { call, text: undefined, subjectId: 'local:test' });
  expect(tried).toMatchObject({ effect: 'allow', decidedBy: 'all', protectedPaths: [] });
  expect(tried.explanation.join('\n')).toContain('decided by rule "all"');
  // Of a resource a policy sees all parameters, the URI among them.
  expect(tryCall(w.paths, 'files', { call, text: nothing, subjectId: 'local:test' })).toMatchObject({
    effect: 'deny',
    decidedBy: 'no',
  });
  expect(() => tryCall(w.paths, 'files', { call, text: 'version: 2', subjectId: 'x' })).toThrow(
    expect.objectContaining({ code: 'policy_invalid' }),
  );
});

test('what no rule can open is denied and says why', () => {
  using w = workshop(everything);
  const tryPath = (path: string) =>
    tryCall(w.paths, 'files', {
      call: { method: 'tools/call', tool: 'read_file', arguments: { path } },
      text: undefined,
      subjectId: 'local:test',
    });
  const own = tryPath(join(w.paths.home, 'manager.json'));
  expect(own).toMatchObject({ effect: 'deny', protectedPaths: [join(w.paths.home, 'manager.json')] });
  expect(own.explanation[0]).toContain('belongs to mcp-acp itself');
  expect(own).not.toHaveProperty('decidedBy');
  expect(tryPath('~somebody/x').effect).toBe('deny');
});
