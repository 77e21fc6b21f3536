import { policySchema } from '@mcp-acp/policy/policy-schema';
import type { JsonValue } from '@mcp-acp/shared/json';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { placeInYaml } from '../../src/features/policy/yaml/place-in-yaml.ts';
import { placeProblems } from '../../src/features/policy/yaml/problems-in-text.ts';
import { completionsAt } from '../../src/features/policy/yaml/schema-completion.ts';

const schema = policySchema as unknown as JsonValue;

/** `▮` is where the cursor stands. */
function at(marked: string) {
  const offset = marked.indexOf('▮');
  return { text: marked.replace('▮', ''), offset };
}
const labels = (marked: string, known = {}): readonly string[] =>
  completionsAt(at(marked), schema, known)?.options.map(({ label }) => label) ?? [];
const path = (marked: string) => {
  const { text, offset } = at(marked);
  return placeInYaml(text, offset)?.path;
};

describe('completion in the editor', () => {
  it('[POLICY-EDITOR] offers the keys that may stand there and do not yet', () => {
    expect(labels('▮')).toEqual(['version', 'description', 'rules']);
    expect(labels('version: 1\n▮')).toEqual(['description', 'rules']);
    expect(labels('version: 1\nrules:\n  - ▮')).toEqual([
      'id',
      'description',
      'effect',
      'when',
      'grant',
      'ask',
    ]);
    expect(labels('rules:\n  - id: a\n    ▮\n    when: {}\n')).toEqual([
      'description',
      'effect',
      'grant',
      'ask',
    ]);
    expect(labels('rules:\n- id: a\n  eff▮')).toContain('effect');
    expect(labels('rules:\n  - id: a\n    when:\n      tool_name: x\n      ▮')).not.toContain('tool_name');
    expect(labels('rules:\n  - id: a\n    when:\n      tool_name: x\n      ▮')).toContain('path_pattern');
    expect(labels('rules:\n  - when: { tool_name: x, ▮')).toContain('path_pattern');
    expect(labels('rules:\n  - when: { tool_name: x, ▮')).not.toContain('tool_name');
    expect(labels('rules:\n  - when: { not: { ▮ } }')).not.toContain('mentions');
    expect(labels('rules:\n  - when:\n      not:\n        - ▮')).toContain('tool_name');
    expect(labels('rules:\n  - id: a\n    grant:\n      ▮')).toEqual(['ttl', 'scope', 'uses']);
    expect(labels('rules:\n  - id: a\n    when: {}\n  - ▮\n')).toContain('id');
    expect(labels('rules:\n  - id: a\n▮\n')).toEqual(['version', 'description']);
  });

  it('[POLICY-EDITOR] offers the values that may stand there', () => {
    expect(labels('rules:\n  - effect: ▮')).toEqual(['allow', 'ask', 'deny']);
    expect(labels('rules:\n  - id: x\n    effect: de▮')).toEqual(['allow', 'ask', 'deny']);
    expect(labels('rules:\n  - when: { operations: ▮')).toContain('delete');
    expect(labels('rules:\n  - when: { operations: [read, ▮')).toContain('delete');
    expect(labels('rules:\n  - when:\n      operations:\n        - read\n        - ▮')).toContain('delete');
    expect(labels('rules:\n  - when:\n      operations:\n      - ▮')).toContain('delete');
    expect(labels('rules:\n  - grant: { ttl: 10m, scope: ▮ }')).toEqual(['exact', 'path', 'tool']);
    expect(labels('rules:\n  - ask: { via: [▮] }')).toEqual(['dashboard', 'cli', 'dialog']);
    expect(labels('version: ▮')).toEqual(['1']);
    expect(labels('rules:\n  - when: { arguments: { force: { absent: ▮')).toEqual(['true', 'false']);
  });

  it('offers tools that were seen, quoted where YAML needs it', () => {
    const known = { tool_name: ['read_file', 'a: b'] };
    expect(labels('rules:\n  - when: { tool_name: re▮ }', known)).toEqual(['read_file', 'a: b']);
    expect(labels('rules:\n  - when:\n      tool_name:\n        - ▮', known)).toContain('read_file');
    expect(
      completionsAt(at('rules:\n  - when: { tool_name: ▮ }'), schema, known)?.options.map(
        ({ apply }) => apply,
      ),
    ).toEqual(['read_file', '"a: b"']);
  });

  it('offers nothing in comments, quotes and block texts', () => {
    expect(labels('# ▮')).toEqual([]);
    expect(labels('version: 1 # ▮')).toEqual([]);
    expect(labels('rules:\n  - effect: "▮')).toEqual([]);
    expect(labels('rules:\n  - when: { operations: ["▮')).toEqual([]);
    expect(labels('description: |\n  ▮')).toEqual([]);
    expect(labels('description: two ▮')).toEqual([]);
  });

  it('knows where it is after lines of any form', () => {
    expect(path('rules:\n  - when: {\n      tool_name: ▮')).toEqual(['rules', 0, 'when', 'tool_name']);
    expect(path('description: |\n  a: b\n  - c\nrules:\n  - id: ▮')).toEqual(['rules', 0, 'id']);
    expect(path('rules:\n- id: a\n\n# more\n- id: b\n  when:\n    host: ▮')).toEqual([
      'rules',
      1,
      'when',
      'host',
    ]);
    expect(path('"rules":\n  - id: "a # b: c"\n    effect: ▮')).toEqual(['rules', 0, 'effect']);
  });

  it('answers for any text', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...'ab:-#"\'{}[], \n|>*') }),
        fc.nat(60),
        (text, offset) => {
          completionsAt({ text, offset: Math.min(offset, text.length) }, schema);
        },
      ),
    );
  });
});

describe('problems in the editor', () => {
  it('[POLICY-EDITOR] stand at the word they are about', () => {
    const text = 'version: 1\nrules:\n  - id: "a b"\n    efect: allow';
    const place = (line: number, column: number) => {
      const [placed] = placeProblems(text, [{ line, column, message: 'No.', fix: 'Yes?' }]);
      return [text.slice(placed?.from, placed?.to), placed?.message];
    };
    expect(place(4, 5)).toEqual(['efect', 'No. Yes?']);
    expect(place(3, 9)).toEqual(['"a b"', 'No. Yes?']);
    expect(place(1, 8)).toEqual([':', 'No. Yes?']);
    expect(place(9, 9)).toEqual(['', 'No. Yes?']);
    expect(place(4, 90)).toEqual(['', 'No. Yes?']);
    expect(place(0, 0)).toEqual(['version', 'No. Yes?']);
  });
});
