import { checkPolicy } from '@mcp-acp/policy/check-policy';
import { operations, resourceTypes, sideEffects } from '@mcp-acp/policy/policy';
import { canonicalJson, type JsonObject } from '@mcp-acp/shared/json';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { problemsOfForm } from '../../src/features/policy/form/rule-form-problems.ts';
import {
  emptyCondition,
  emptyRule,
  formOfRule,
  ruleOfForm,
} from '../../src/features/policy/form/rule-form-state.ts';
import { exactValue } from '../../src/features/policy/form/value-tests.ts';
import { conditionsInWords, joinOf } from '../../src/features/policy/rules/rule-in-words.ts';

const oneOrMore = <T>(item: fc.Arbitrary<T>) =>
  fc.oneof(item, fc.uniqueArray(item, { minLength: 1, maxLength: 3 }));
const name = fc.stringMatching(/^[a-z][a-z_*]{0,8}$/);
const path = fc.stringMatching(/^\*\*\/[a-z]{1,6}$/);
const exact = fc.oneof(
  name,
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.constantFrom('true', '5', '"x"', ''),
);
const check = fc.oneof(
  oneOrMore(name),
  fc.record({ glob: oneOrMore(name) }),
  fc.record({ equals: exact }),
  fc.record({ one_of: fc.array(exact, { minLength: 1, maxLength: 3 }) }),
  fc.record({ range: fc.record({ min: fc.integer({ max: 0 }), max: fc.integer({ min: 0 }) }) }),
  fc.record({ range: fc.record({ min: fc.integer() }) }),
  fc.record({ absent: fc.boolean() }),
);
const conditions = fc
  .record(
    {
      tool_name: oneOrMore(name),
      path_pattern: oneOrMore(path),
      operations: oneOrMore(fc.constantFrom(...operations)),
      side_effects: oneOrMore(fc.constantFrom(...sideEffects)),
      resource_type: oneOrMore(fc.constantFrom(...resourceTypes)),
      host: oneOrMore(name),
      arguments: fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), check, {
        minKeys: 1,
        maxKeys: 3,
        noNullPrototype: true,
      }),
    },
    { requiredKeys: [], noNullPrototype: true },
  )
  .filter((when) => Object.keys(when).length > 0);
const rule = fc
  .record({
    when: conditions,
    not: fc.option(oneOrMore(conditions), { nil: undefined }),
    mentions: fc.boolean(),
    description: fc.option(name, { nil: undefined }),
    grant: fc.option(
      fc.record({
        ttl: fc.constantFrom('10m', '1h', 'session'),
        scope: fc.constantFrom('exact', 'path', 'tool'),
        uses: fc.integer({ min: 1, max: 9 }),
      }),
      { nil: undefined },
    ),
    via: fc.option(oneOrMore(fc.constantFrom('dashboard', 'cli', 'dialog')), { nil: undefined }),
  })
  .map(
    ({ when, not, mentions, description, grant, via }) =>
      ({
        id: 'one',
        ...(description === undefined ? {} : { description }),
        effect: 'ask',
        when: { ...when, ...(not === undefined ? {} : { not }), ...(mentions ? { mentions: 'all' } : {}) },
        ...(grant === undefined ? {} : { grant }),
        ...(via === undefined ? {} : { ask: { via } }),
      }) as JsonObject,
  );

const meaning = (written: JsonObject): string => {
  const checked = checkPolicy(JSON.stringify({ version: 1, rules: [written] }), 'policy.yaml');
  if (!checked.ok) throw new Error(JSON.stringify(checked.problems));
  return canonicalJson(checked.policy);
};

describe('the form of a rule', () => {
  it('[RULE-FORM] gives back what it was given, in all its fields', () => {
    fc.assert(
      fc.property(rule, (written) => {
        const form = formOfRule(written);
        if (form === undefined) throw new Error('The form does not take it');
        expect(problemsOfForm(form, [])).toEqual({});
        expect(meaning(ruleOfForm(form))).toBe(meaning(written));
      }),
    );
  });

  it('means the same when nothing of the file is kept as it was written', () => {
    fc.assert(
      fc.property(rule, (written) => {
        const form = formOfRule(written);
        if (form === undefined) throw new Error('The form does not take it');
        const bare = {
          ...form,
          conditions: form.conditions.map(({ written: _, ...condition }) => condition),
          not: form.not.map((group) => group.map(({ written: _, ...condition }) => condition)),
        };
        expect(meaning(ruleOfForm(bare))).toBe(meaning(written));
      }),
    );
  });

  it('takes no rule that it would damage', () => {
    const odd = { id: 'a', effect: 'deny', when: { tool_name: ['a\nb'] } };
    expect(formOfRule(odd)).toBeUndefined();
    expect(formOfRule({ id: 'a', effect: 'deny', when: { tool_name: 5 } })).toBeUndefined();
    expect(formOfRule({ id: 'a', effect: 'deny', when: { newer: 'x' } })).toBeUndefined();
  });

  it('says what is missing', () => {
    expect(Object.keys(problemsOfForm(emptyRule, []))).toEqual(['id', 'conditions']);
    const begun = { ...emptyRule, id: 'taken', conditions: [emptyCondition('tool_name')] };
    expect(problemsOfForm(begun, ['taken'])).toMatchObject({
      id: 'Another rule has this id already.',
      conditions: 'Tool has no value: give one, or remove the condition.',
    });
    const grant = { on: true, ttl: 'soon', scope: 'exact', uses: '0' } as const;
    expect(Object.keys(problemsOfForm({ ...begun, id: '-', grant }, []))).toEqual([
      'id',
      'conditions',
      'ttl',
      'uses',
    ]);
  });

  it('reads a line as the value it looks like', () => {
    expect(['5', '-0.5', 'true', 'null', '"5"', 'main', '5 apples', '{}'].map(exactValue)).toEqual([
      5,
      -0.5,
      true,
      null,
      '5',
      'main',
      '5 apples',
      '{}',
    ]);
  });
});

describe('a rule in plain words', () => {
  it('names every condition and what a yes reaches', () => {
    const written = {
      when: {
        tool_name: ['read_*', 'list_*'],
        not: { path_pattern: '**/.env' },
        arguments: { force: true, depth: { range: { max: 3 } }, branch: { absent: true } },
        mentions: 'all',
      },
    };
    expect(conditionsInWords(written.when)).toEqual([
      { words: 'tool is', values: ['read_*', 'list_*'] },
      { words: 'argument force is', values: ['true'] },
      { words: 'argument depth is at most', values: ['3'] },
      { words: 'argument branch is missing', values: [] },
      { words: 'paths mentioned in texts count too', values: [] },
      { words: 'except (path is **/.env)', values: [], isException: true },
    ]);
    const not = [{ tool_name: 'write_*', path_pattern: '/tmp/**' }, { host: 'a.example' }];
    expect(
      conditionsInWords({ not }).map((phrase, index) => (index === 0 ? '' : joinOf(phrase)) + phrase.words),
    ).toEqual([
      'any request',
      ' except (tool is write_* and path is /tmp/**)',
      ' except (host is a.example)',
    ]);
    expect(conditionsInWords({ mcp_method: '*' })).toEqual([{ words: 'any request', values: [] }]);
  });
});
