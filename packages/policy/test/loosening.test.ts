import { expect, test } from 'vitest';
import { parsePolicy } from '../src/check-policy.ts';
import { compareLoosening } from '../src/loosening.ts';

const policy = (...rules: object[]) => parsePolicy(JSON.stringify({ version: 1, rules }), 'p');
const x = { tool_name: 'x' };
const y = { tool_name: 'y' };
const allow = { id: 'a', effect: 'allow', when: x };
const ask = { id: 'a', effect: 'ask', when: x };
const deny = { id: 'a', effect: 'deny', when: x };
const grant = { ttl: '1m', scope: 'exact' };

test.each<[string, object[], object[], boolean, string[]]>([
  ['nothing', [allow, { ...deny, id: 'b' }], [{ ...deny, id: 'b' }, allow], false, []],
  ['a description', [deny], [{ ...deny, description: 'why' }], false, []],
  ['allow added', [], [allow], true, ['a']],
  ['allow removed', [allow], [], false, ['a']],
  ['allow changed', [allow], [{ ...allow, when: y }], true, ['a']],
  ['allow to deny', [allow], [{ ...deny, when: y }], false, ['a']],
  ['allow to ask', [allow], [ask], false, ['a']],
  ['deny added', [], [deny], false, ['a']],
  ['deny removed', [deny], [], true, ['a']],
  ['deny changed', [deny], [{ ...deny, when: { tool_name: ['x', 'y'] } }], true, ['a']],
  ['deny to ask', [deny], [ask], true, ['a']],
  ['deny renamed', [deny], [{ ...deny, id: 'b' }], true, ['a', 'b']],
  ['ask added', [], [ask], false, ['a']],
  ['ask removed', [ask], [], true, ['a']],
  ['ask changed', [ask], [{ ...ask, when: y }], true, ['a']],
  ['ask to deny', [ask], [deny], false, ['a']],
  ['ask to deny of another thing', [ask], [{ ...deny, when: y }], true, ['a']],
  ['ask to allow', [ask], [allow], true, ['a']],
  ['grant added', [ask], [{ ...ask, grant }], true, ['a']],
  ['grant removed', [{ ...ask, grant }], [ask], false, ['a']],
  ['channel dropped', [{ ...ask, ask: { via: 'dashboard' } }], [ask], true, ['a']],
])('%s', (_, before, after, loosening, changed) => {
  expect(compareLoosening(policy(...before), policy(...after))).toEqual({ loosening, changed });
});
