import {
  askChannels,
  effects,
  grantScopes,
  operations,
  policyLimits,
  resourceTypes,
  sideEffects,
} from '@mcp-acp/policy/policy';
import { policySchema } from '@mcp-acp/policy/policy-schema';
import { templates } from '@mcp-acp/policy/templates';
import { code, markdownTable, page } from './markdown.ts';

export const policyPage = (): string =>
  page(
    'Policy',
    '`proxies/NAME/policy.yaml` is YAML 1.2, so JSON is valid too. Deny beats ask beats allow, the order of rules does not matter, and what no rule allows is denied. Unknown keys and values are errors with line and column. Schema: [policy.schema.json](policy.schema.json).',
    'Look at a decision without running anything: `mcp-acp policy explain`.',
    '## A rule',
    markdownTable(
      ['Key', 'Meaning'],
      [
        [code('id'), 'Its name in journals and explanations; unique in the file.'],
        [code('effect'), `${effects.map(code).join(', ')}.`],
        [code('when'), 'The conditions. All must hold; of a list, any one.'],
        [code('description'), 'For people.'],
        [
          code('grant'),
          `Only with \`ask\`: how far one "yes" reaches. \`ttl\` (\`10m\`, or \`session\`), \`scope\` (${grantScopes.map(code).join(', ')}), \`uses\` (up to ${policyLimits.maxGrantUses}).`,
        ],
        [
          code('ask'),
          `Only with \`ask\`: \`via\`, the channels that may answer (${askChannels.map(code).join(', ')}).`,
        ],
      ],
    ),
    '## Conditions',
    markdownTable(['Condition', 'Meaning'], conditionRows()),
    '## Words',
    markdownTable(
      ['Condition', 'Values'],
      [
        [code('operations'), operations.map(code).join(', ')],
        [code('side_effects'), sideEffects.map(code).join(', ')],
        [code('resource_type'), resourceTypes.map(code).join(', ')],
      ],
    ),
    '## Templates',
    ...Object.entries(templates).flatMap(([name, { summary, text }]) => [
      `### ${name}`,
      summary,
      `\`\`\`yaml\n${text.trimEnd()}\n\`\`\``,
    ]),
  );

function conditionRows(): readonly (readonly string[])[] {
  // The schema is data for editors, so its type says nothing about its parts.
  const schema = policySchema as unknown as {
    properties: {
      rules: { items: { properties: { when: { properties: Record<string, { description?: string }> } } } };
    };
  };
  const conditions = schema.properties.rules.items.properties.when.properties;
  return Object.entries(conditions).map(([name, { description }]) => [code(name), description ?? '']);
}
