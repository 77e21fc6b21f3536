import type { PendingApproval } from '@mcp-acp/shared/live/approval';
import { type AskedThing, whatIsAsked } from './what-is-asked.ts';

export interface PendingGroup {
  readonly key: string;
  readonly proxy: string;
  /** The tool or the prompt, or of other calls the method. */
  readonly what: string;
  readonly kind: AskedThing['kind'];
  readonly rule: string | undefined;
  /** Oldest first. */
  readonly questions: readonly PendingApproval[];
}

/** Questions that one glance can take together: of one proxy, one tool or prompt, and one rule. The group that waits longest comes first. */
export function groupPending(pending: readonly PendingApproval[]): readonly PendingGroup[] {
  const groups = new Map<string, PendingGroup & { readonly questions: PendingApproval[] }>();
  for (const question of pending) {
    const { tool, prompt, method, rule } = question;
    const proxy = question.proxy.name;
    // Of resources there may be as many as calls: those are told apart on their lines.
    const { name: what, kind } = whatIsAsked({ tool, prompt, method });
    const key = JSON.stringify([proxy, tool ?? null, prompt ?? null, method, rule ?? null]);
    const group = groups.get(key);
    if (group !== undefined) group.questions.push(question);
    else groups.set(key, { key, proxy, what, kind, rule, questions: [question] });
  }
  return [...groups.values()];
}

export type WaitingRow =
  | { readonly kind: 'group'; readonly group: PendingGroup; readonly isClosed: boolean }
  | { readonly kind: 'question'; readonly question: PendingApproval };

/** So many are shown whole, one under another; of more only one is, and they are grouped. */
export const shownWhole = 5;
const closedFrom = 20;

/** The lines of a list of groups. `toggled`: groups that a person opened or closed against what they are at first. */
export function waitingRows(
  groups: readonly PendingGroup[],
  toggled: ReadonlySet<string>,
): readonly WaitingRow[] {
  return groups.flatMap((group, index): readonly WaitingRow[] => {
    // A large group would hide that there are others behind it; the first is what a person came for.
    const closedAtFirst = index > 0 && group.questions.length >= closedFrom;
    const isClosed = toggled.has(group.key) !== closedAtFirst;
    const head = { kind: 'group', group, isClosed } as const;
    if (isClosed) return [head];
    return [head, ...group.questions.map((question) => ({ kind: 'question', question }) as const)];
  });
}

/** Who is asked, once each, with what is asked of them: a batch goes to every instance on its own. */
export function byInstance(
  questions: readonly PendingApproval[],
): readonly { readonly proxy: string; readonly instance: string; readonly approvals: readonly string[] }[] {
  const found = new Map<string, { proxy: string; instance: string; approvals: string[] }>();
  for (const { proxy, approval } of questions) {
    const known = found.get(proxy.instance);
    if (known !== undefined) known.approvals.push(approval);
    else found.set(proxy.instance, { proxy: proxy.name, instance: proxy.instance, approvals: [approval] });
  }
  return [...found.values()].flatMap(({ approvals, ...whom }) =>
    Array.from({ length: Math.ceil(approvals.length / mostAtOnce) }, (_, page) => ({
      ...whom,
      approvals: approvals.slice(page * mostAtOnce, (page + 1) * mostAtOnce),
    })),
  );
}
/** As many as an instance takes in one call. */
const mostAtOnce = 4096;

interface Current {
  readonly approval: string | undefined;
  readonly index: number;
  /** Of its group what is left. Where that is something, it is gone through before another group is. */
  readonly alike?: ReadonlySet<string>;
}

/** The question that a key moves to; the nearest that is left where the current one is gone. */
export function neighbour(
  questions: readonly string[],
  current: Current,
  step: -1 | 0 | 1,
): string | undefined {
  const { alike } = current;
  const isGone = current.approval === undefined || !questions.includes(current.approval);
  if (isGone && alike !== undefined) {
    const left = questions.flatMap((approval, index) => (alike.has(approval) ? [{ approval, index }] : []));
    const next = left.find(({ index }) => index >= current.index) ?? left.at(-1);
    if (next !== undefined) return next.approval;
  }
  const found = current.approval === undefined ? -1 : questions.indexOf(current.approval);
  const from = found === -1 ? Math.min(current.index, questions.length - 1) : found;
  const to = found === -1 ? from : Math.min(Math.max(from + step, 0), questions.length - 1);
  return questions[Math.max(to, 0)];
}

/** Names of proxies of which more than one instance asks. */
export function askedBySeveral(pending: readonly PendingApproval[]): ReadonlySet<string> {
  const firsts = new Map<string, string>();
  const several = new Set<string>();
  for (const { proxy } of pending) {
    const first = firsts.get(proxy.name) ?? proxy.instance;
    firsts.set(proxy.name, first);
    if (first !== proxy.instance) several.add(proxy.name);
  }
  return several;
}
