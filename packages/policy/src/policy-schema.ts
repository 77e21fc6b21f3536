import { conditionNames } from './check-when.ts';
import {
  askChannels,
  effects,
  grantScopes,
  operations,
  policyLimits,
  resourceTypes,
  sessionTtl,
  sideEffects,
} from './policy.ts';

const text = { type: 'string', minLength: 1, maxLength: policyLimits.patternLength } as const;
const oneOrMore = (item: object) => ({
  anyOf: [item, { type: 'array', items: item, minItems: 1, maxItems: policyLimits.listLength }],
});
const words = (list: readonly string[]) => oneOrMore({ enum: list });
const map = (properties: Record<string, unknown>, required: readonly string[] = []) => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});

const scalar = { type: ['string', 'number', 'boolean'] };
const exact = { type: ['string', 'number', 'boolean', 'null'] };
const check = {
  type: 'object',
  properties: {
    glob: oneOrMore(text),
    equals: exact,
    one_of: { type: 'array', items: exact, minItems: 1, maxItems: policyLimits.listLength },
    range: { ...map({ min: { type: 'number' }, max: { type: 'number' } }), minProperties: 1 },
    absent: { type: 'boolean' },
  },
  additionalProperties: false,
  minProperties: 1,
  maxProperties: 1,
};
const tests = {
  type: 'object',
  minProperties: 1,
  additionalProperties: { anyOf: [...oneOrMore(scalar).anyOf, check] },
};

const descriptions: Record<(typeof conditionNames)[number], readonly [object, string]> = {
  tool_name: [oneOrMore(text), "The tool's name, with * and ?."],
  mcp_method: [oneOrMore(text), 'The MCP method, such as tools/call; "*" is every request.'],
  backend_id: [oneOrMore(text), 'The id of the backend.'],
  resource_type: [words(resourceTypes), 'What kind of thing the request touches.'],
  operations: [words(operations), "What is done, read from the words of the tool's name."],
  side_effects: [words(sideEffects), 'What the call may leave behind.'],
  path_pattern: [oneOrMore(text), 'Paths named anywhere; begins with "/", "~/" or "**/".'],
  source_path: [oneOrMore(text), 'Paths that something is taken from.'],
  dest_path: [oneOrMore(text), 'Paths that something is put to.'],
  extension: [oneOrMore(text), 'Ends of file names, without wildcards.'],
  scheme: [oneOrMore(text), 'The scheme of URIs, such as https.'],
  host: [oneOrMore(text), 'The host of URIs, with * and ?.'],
  subject_id: [oneOrMore(text), 'Who is calling.'],
  client: [oneOrMore(text), 'The name the client gives itself.'],
  claims: [tests, "What the caller's sign-in says."],
  arguments: [tests, 'What values of the arguments must be, by their path: options.force, files[*].path.'],
};
const conditions = Object.fromEntries(
  conditionNames.map((name) => {
    const [schema, description] = descriptions[name];
    return [name, { description, ...schema }];
  }),
);

const rule = {
  ...map(
    {
      id: { type: 'string', pattern: `^[A-Za-z0-9][A-Za-z0-9._-]{0,${policyLimits.ruleIdLength - 1}}$` },
      description: text,
      effect: { enum: effects, description: 'Deny beats ask, ask beats allow.' },
      when: {
        description: 'All conditions must hold; of a list, any one.',
        ...map({
          ...conditions,
          not: {
            description: 'None of these may hold.',
            ...oneOrMore({ ...map(conditions), minProperties: 1 }),
          },
          mentions: { const: 'all', description: 'Also judge paths mentioned in text fields.' },
        }),
        // `mentions` by itself is no condition.
        anyOf: [...conditionNames, 'not'].map((name) => ({ required: [name] })),
      },
      grant: map(
        {
          ttl: {
            type: 'string',
            pattern: `^([1-9][0-9]{0,8}(ms|s|m|h|d)|${sessionTtl})$`,
            description: 'How long: 30s, 10m, 1h, or session.',
          },
          scope: { enum: grantScopes },
          uses: { type: 'integer', minimum: 1, maximum: policyLimits.maxGrantUses },
        },
        ['ttl', 'scope'],
      ),
      ask: map({ via: words(askChannels) }, ['via']),
    },
    ['id', 'effect', 'when'],
  ),
  // A grant and the channels of an ask say nothing beside another effect.
  if: { properties: { effect: { enum: ['allow', 'deny'] } }, required: ['effect'] },
  // biome-ignore lint/suspicious/noThenProperty: JSON Schema's own key.
  then: { properties: { grant: false, ask: false } },
};

/** The JSON Schema of a policy file, for editors. The parser knows more: the form of patterns, ids that repeat. */
export const policySchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'mcp-acp policy',
  ...map(
    {
      version: { const: 1 },
      description: text,
      rules: { type: 'array', items: rule, maxItems: policyLimits.rules },
    },
    ['version', 'rules'],
  ),
} as const;
