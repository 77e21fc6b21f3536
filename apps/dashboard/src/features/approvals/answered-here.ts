/**
 * Questions this page has answered, so that it does not tell itself how they ended. As many as can be on their way at
 * once, and then some.
 */
const most = 8_192;
const answered = new Set<string>();

export function markAnsweredHere(approvals: readonly string[]): void {
  for (const approval of approvals) {
    answered.add(approval);
    if (answered.size <= most) continue;
    const [oldest] = answered;
    if (oldest !== undefined) answered.delete(oldest);
  }
}

export const forgetAnsweredHere = (approval: string): void => void answered.delete(approval);

export const wasAnsweredHere = (approval: string): boolean => answered.has(approval);
