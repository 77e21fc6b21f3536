import { createInterface, type Interface } from 'node:readline/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EndedApproval, PendingApproval } from '@mcp-acp/shared/live/approval';
import type { RunningManager } from '../resources/manager.ts';
import { claim, type Transcript } from './transcript.ts';

/** Who answers what the agent may not decide alone. */
export interface Person {
  /** Answers the next question. `scripted` is what a person of the script says, where none sits here. */
  answer(scripted: ScriptedAnswer): Promise<EndedApproval>;
}

export interface ScriptedAnswer {
  readonly answer: 'approve' | 'deny';
  readonly reason?: string;
}

/** The manager's clients look on, so that calls wait for an answer. */
export function someoneWatches({ client }: RunningManager): { stop(): void } {
  const watch = client.api.events.live.subscribe({ types: ['approval_asked'], canAnswer: true }, {});
  return { stop: () => watch.unsubscribe() };
}

async function nextQuestion({ client }: RunningManager): Promise<PendingApproval> {
  for (;;) {
    const [question] = (await client.api.approvals.pending.query()).pending;
    if (question !== undefined) return question;
    await sleep(50);
  }
}

const targetOf = ({ proxy, approval, digest }: PendingApproval) => ({
  proxy: proxy.name,
  instance: proxy.instance,
  approval,
  digest,
});

/** The script's own person, for where nobody sits. */
export const scriptedPerson = (manager: RunningManager, transcript: Transcript): Person => ({
  answer: async ({ answer, reason }) => {
    const question = await nextQuestion(manager);
    transcript.personIsAsked(summary(question));
    const given = { ...targetOf(question), answer, ...(reason === undefined ? {} : { reason }) };
    const { ended } = await manager.client.api.proxy.answer.mutate(given);
    transcript.personAnswers(answer === 'approve' ? 'approves it' : `denies it: ${reason}`);
    return ended;
  },
});

/** Whoever sits here: in the dashboard, or in this terminal. The first answer counts. */
export const personAtTerminal = (manager: RunningManager, transcript: Transcript): Person => ({
  answer: async () => {
    const question = await nextQuestion(manager);
    transcript.personIsAsked(summary(question));
    transcript.say('         Answer it in the dashboard, or here: approve or deny, and Enter.');
    const reader = createInterface({ input: process.stdin, output: process.stdout });
    const over = new AbortController();
    try {
      const typed = typedAnswer(manager, question, { reader, signal: over.signal });
      const ended = await Promise.race([endOf(manager, question, over.signal), typed]);
      const by = ended.channel === undefined ? '' : ` (${ended.channel})`;
      transcript.personAnswers(`${ended.end}${by}`);
      return ended;
    } finally {
      over.abort();
      reader.close();
    }
  },
});

async function typedAnswer(
  manager: RunningManager,
  question: PendingApproval,
  { reader, signal }: { readonly reader: Interface; readonly signal: AbortSignal },
): Promise<EndedApproval> {
  for (;;) {
    const typed = (await reader.question('   you      ', { signal }).catch(() => '')).trim().toLowerCase();
    if (signal.aborted) return new Promise(() => undefined);
    if (typed !== 'approve' && typed !== 'deny') continue;
    const { ended } = await manager.client.api.proxy.answer.mutate({ ...targetOf(question), answer: typed });
    return ended;
  }
}

/** Answered somewhere else, or over. */
async function endOf(
  { client }: RunningManager,
  { proxy, approval }: PendingApproval,
  signal: AbortSignal,
): Promise<EndedApproval> {
  while (!signal.aborted) {
    const { ended } = await client.api.proxy.approvals.query({ proxy: proxy.name });
    const over = ended.find((one) => one.approval === approval);
    if (over !== undefined) return over;
    await sleep(100);
  }
  return new Promise(() => undefined);
}

function summary({ tool, rule, destinations, operations }: PendingApproval): string {
  const [place] = destinations;
  claim(tool !== undefined, 'the question names no tool');
  return `${tool} (${operations.join(', ')})${place === undefined ? '' : ` of ${place.text}`}, as the rule "${rule}" wants`;
}
