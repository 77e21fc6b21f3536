import type { PendingApproval } from '@mcp-acp/shared/live/approval';
import { call, ofType, type PepUnderTest, parse, turn } from './pep-under-test.ts';

export const asks = (more = ''): string => `
  - { id: reads, effect: allow, when: { tool_name: "read_*" } }
  - { id: no-keys, effect: deny, when: { path_pattern: "**/*.key" } }
  - { id: writes, effect: ask, when: { tool_name: "write_*" }${more} }
`;
export const granting = (scope: string, ttl = '10m', uses = ''): string =>
  asks(`, grant: { ttl: ${ttl}, scope: ${scope}${uses} }`);

export const pending = (pep: PepUnderTest): readonly PendingApproval[] => pep.point.approvals.list().pending;

export function only(pep: PepUnderTest): PendingApproval {
  const [question, ...others] = pending(pep);
  if (question === undefined || others.length > 0) throw new Error(`${others.length + 1} questions`);
  return question;
}

export async function answer(
  pep: PepUnderTest,
  how: 'approve' | 'deny',
  more: Partial<Parameters<PepUnderTest['point']['approvals']['answer']>[0]> = {},
) {
  const { approval, digest } = only(pep);
  const answered = pep.point.approvals.answer({ approval, digest, answer: how, ...more }, 'cli');
  await turn();
  return answered;
}

export const ids = (lines: readonly string[]): unknown[] => lines.map((line) => parse(line).id);
export const refusal = (line: string | undefined) =>
  parse(line).result._meta['io.github.mcp-acp/refusal'].code;
export const events = (pep: PepUnderTest): unknown[] =>
  ofType(pep.journal, 'approval').map(({ event }) => event);
export const write = (id: number, path = '/srv/a.txt', content = 'x') =>
  call(id, 'write_file', { path, content });
