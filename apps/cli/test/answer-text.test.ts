import type { InstanceId, ProxyId } from '@mcp-acp/shared/ids';
import type { Answered, EndedApproval, Grant } from '@mcp-acp/shared/live/approval';
import { expect, test } from 'vitest';
import { answeredText, grantText } from '../src/commands/approvals/answer-text.ts';

const proxy = {
  id: 'px_aaaaaaaaaaaaaaaa' as ProxyId,
  name: 'files',
  instance: 'inst_aaaaaaaaaaaaaaaa' as InstanceId,
};
const time = '2026-01-01T00:00:00.000Z';

const answered = (result: Answered['result'], end: EndedApproval['end'], more: Partial<Answered> = {}) => ({
  result,
  ended: {
    approval: 'appr_aaaaaaaaaaaaaaaa',
    proxy,
    tool: 'write_file',
    method: 'tools/call',
    end,
    time,
    channel: 'cli' as const,
  },
  ...more,
});

const grant: Grant = {
  grant: 'grnt_aaaaaaaaaaaaaaaa',
  proxy,
  effect: 'allow',
  scope: 'tool',
  method: 'tools/call',
  tool: 'write_file',
  madeAt: time,
  used: 0,
  channel: 'cli',
};

test('[APPROVALS-COMMANDS] a yes after which nothing could be sent is not called a no, and ends as a lost answer does', () => {
  expect(() => answeredText(answered('refused', 'approved'))).toThrow(
    expect.objectContaining({
      code: 'approval_over',
      exitCode: 1,
      message: 'You approved "write_file", but it could not be sent: nothing was run.',
      fix: 'See why: mcp-acp logs list',
    }),
  );
});

test('[APPROVALS-COMMANDS] a yes that the policy has overtaken says that the policy refused', () => {
  expect(() => answeredText(answered('refused', 'policy_denied'))).toThrow(
    expect.objectContaining({
      code: 'approval_over',
      message: '"write_file" was refused: the policy denies it now. Nothing was run.',
    }),
  );
});

test('[APPROVALS-COMMANDS] a no that was given is told as one', () => {
  expect(answeredText(answered('refused', 'denied'))).toEqual(['Denied: "write_file" was refused.']);
});

test('[APPROVALS-COMMANDS] one use is one time', () => {
  const text = (used: number, more: Partial<Grant> = {}) => grantText({ ...grant, ...more, used });
  expect(text(1)).toContain('used 1 time');
  expect(text(1)).not.toContain('1 times');
  expect(text(1, { mostUses: 1 })).toContain('used 1 of 1 time');
  expect(text(0, { mostUses: 3 })).toContain('used 0 of 3 times');
  expect(text(1, { effect: 'deny' })).toMatch(/refused 1 time$/);
  expect(text(2, { effect: 'deny' })).toMatch(/refused 2 times$/);
});
