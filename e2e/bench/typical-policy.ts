/** A policy that allows the calls measured: of a dozen rules, as a careful user might have, or of as many as are asked for. */
export function typicalPolicy(count = 12): string {
  const rules = Array.from(
    { length: count - 4 },
    (_, index) => `  - { id: no-${index}, effect: deny, when: { tool_name: "svc${index}_*_delete" } }`,
  );
  return [
    'version: 1',
    'rules:',
    '  - { id: no-secrets, effect: deny, when: { path_pattern: "**/.env*" } }',
    '  - { id: no-keys, effect: deny, when: { extension: [pem, key] } }',
    '  - { id: writes, effect: ask, when: { tool_name: ["write_*", "delete_*"], operations: [write, delete] } }',
    ...rules,
    '  - { id: echo, effect: allow, when: { tool_name: [echo, "look_up_*"] } }',
    '',
  ].join('\n');
}
