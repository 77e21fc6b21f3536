import { approvalFacts, argumentLines, isWhole, quotedCall } from '@mcp-acp/admin/approval-facts';
import { type DialogQuestion, fitsDialog } from '@mcp-acp/admin/desktop-dialog';
import type { DesktopNotification } from '@mcp-acp/admin/desktop-notification';
import type { JsonValue } from '@mcp-acp/shared/json';
import type { ApprovalCard, PendingApproval } from '@mcp-acp/shared/live/approval';
import { redactedJson } from '@mcp-acp/shared/redaction';

/** How wide a line of a dialog may be. UTF-16 units. */
const width = 100;

/** A question as a dialog shows it: all of it, or not at all. Undefined where it is too long, or no text to show around. */
export function dialogOf(card: ApprovalCard): DialogQuestion | undefined {
  const { otherParameters } = card;
  if (!isWhole(card) || holdsSecret(card.arguments) || holdsSecret(otherParameters ?? '{}')) return undefined;
  const lines = [
    ...approvalFacts(card).map(({ label, text }) => `${label}: ${text}`),
    '',
    'Arguments:',
    ...argumentLines(card.arguments),
    ...(otherParameters === undefined ? [] : ['', 'Other parameters:', ...argumentLines(otherParameters)]),
    '',
    'Approving is good for this call alone.',
  ];
  const text = lines.flatMap(broken).join('\n');
  if (!fitsDialog(text)) return undefined;
  return {
    title: `mcp-acp: ${quotedCall(card)} (${card.proxy.name})`,
    text,
    approve: 'Approve once',
    deny: 'Deny',
  };
}

/** What a dialog shows is an argument of a program, which other users of the machine can see. */
function holdsSecret(json: string): boolean {
  try {
    const value: JsonValue = JSON.parse(json);
    return redactedJson(value) !== JSON.stringify(value);
  } catch {
    return true;
  }
}

function broken(line: string): readonly string[] {
  const parts: string[] = [];
  for (let start = 0; start < line.length || start === 0; start += width) {
    parts.push(`${start === 0 ? '' : '  '}${line.slice(start, start + width)}`);
  }
  return parts;
}

/** Names alone: a notification stays in lists and on locked screens. */
export const notificationOf = (question: PendingApproval, openCommand: string): DesktopNotification => ({
  title: `mcp-acp: ${question.proxy.name} asks you`,
  text: `The call ${quotedCall(question)} waits for your answer: ${openCommand}`,
});

export const togetherOf = (proxy: string, count: number, openCommand: string): DesktopNotification => ({
  title: `mcp-acp: ${proxy} asks you`,
  text: `${count} calls wait for your answer: ${openCommand}`,
});
