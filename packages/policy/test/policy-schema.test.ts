import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { checkPolicy } from '../src/check-policy.ts';
import { askKeys, grantKeys, policyKeys, ruleKeys } from '../src/check-rules.ts';
import { checkKeys, rangeKeys } from '../src/check-tests.ts';
import { conditionNames, whenKeys } from '../src/check-when.ts';
import { policySchema } from '../src/policy-schema.ts';
import { templates } from '../src/templates.ts';
import { conforms } from './naive-schema.ts';

/** The part of the schema at a path of keys. */
function part(...path: string[]): unknown {
  return path.reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], policySchema);
}
const keysOf = (schema: unknown) => Object.keys((schema as { properties: object }).properties).sort();
const schema: unknown = policySchema;
const rulePath = ['properties', 'rules', 'items'];
const whenPath = [...rulePath, 'properties', 'when'];

describe('the schema', () => {
  test('has the keys that the parser has', () => {
    expect(keysOf(schema)).toEqual([...policyKeys].sort());
    expect(keysOf(part(...rulePath))).toEqual([...ruleKeys].sort());
    expect(keysOf(part(...whenPath))).toEqual([...whenKeys].sort());
    expect(keysOf(part(...whenPath, 'properties', 'not', 'anyOf', '0'))).toEqual([...conditionNames].sort());
    expect(keysOf(part(...rulePath, 'properties', 'grant'))).toEqual([...grantKeys].sort());
    expect(keysOf(part(...rulePath, 'properties', 'ask'))).toEqual([...askKeys].sort());
    const checkPath = [...whenPath, 'properties', 'arguments', 'additionalProperties', 'anyOf', '2'];
    expect(keysOf(part(...checkPath))).toEqual([...checkKeys].sort());
    expect(keysOf(part(...checkPath, 'properties', 'range'))).toEqual([...rangeKeys].sort());
  });

  test('takes the templates and every golden policy', () => {
    for (const template of Object.values(templates))
      expect(conforms(schema, parse(template.text))).toBe(true);
    const folder = join(import.meta.dirname, 'golden');
    for (const file of readdirSync(folder)) {
      expect(conforms(schema, parse(readFileSync(join(folder, file), 'utf8')).policy), file).toBe(true);
    }
  });

  const base = { id: 'a', effect: 'ask', when: { tool_name: 'x' } };
  const mutants: readonly (readonly [string, unknown])[] = [
    ['unknown key', { ...base, x: 1 }],
    ['no id', { effect: 'ask', when: base.when }],
    ['no effect', { id: 'a', when: base.when }],
    ['no when', { id: 'a', effect: 'ask' }],
    ['empty when', { ...base, when: {} }],
    ['only mentions', { ...base, when: { mentions: 'all' } }],
    ['bad effect', { ...base, effect: 'permit' }],
    ['bad id', { ...base, id: 'a b' }],
    ['bad operation', { ...base, when: { operations: 'reed' } }],
    ['empty list', { ...base, when: { tool_name: [] } }],
    ['a number for a text', { ...base, when: { tool_name: 1 } }],
    ['not in not', { ...base, when: { not: { not: { tool_name: 'x' } } } }],
    ['empty not', { ...base, when: { not: {} } }],
    ['two checks', { ...base, when: { arguments: { a: { glob: 'x', equals: 1 } } } }],
    ['empty range', { ...base, when: { arguments: { a: { range: {} } } } }],
    ['grant without scope', { ...base, grant: { ttl: '1m' } }],
    ['grant on a deny', { ...base, effect: 'deny', grant: { ttl: '1m', scope: 'exact' } }],
    ['bad channel', { ...base, ask: { via: 'pigeon' } }],
    ['zero uses', { ...base, grant: { ttl: '1m', scope: 'exact', uses: 0 } }],
  ];
  test.each(mutants)('refuses what the parser refuses: %s', (_, mutant) => {
    const policy = { version: 1, rules: [mutant] };
    expect(checkPolicy(JSON.stringify(policy), 'p').ok).toBe(false);
    expect(conforms(schema, policy)).toBe(false);
  });
  test('takes what the parser takes', () => {
    const policy = { version: 1, rules: [base] };
    expect(checkPolicy(JSON.stringify(policy), 'p').ok).toBe(true);
    expect(conforms(schema, policy)).toBe(true);
  });
});
