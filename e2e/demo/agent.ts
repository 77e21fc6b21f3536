import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DecisionRecord, decisions, outcomeOf } from '../resources/journal.ts';
import type { TempHome } from '../resources/temp-home.ts';
import { type V1Agent, v1Agent } from '../resources/v1-agent.ts';
import type { Person, ScriptedAnswer } from './person.ts';
import { proxyName } from './scene.ts';
import { claim, type Transcript } from './transcript.ts';

interface Errand {
  readonly tool: string;
  readonly arguments: Readonly<Record<string, string>>;
  /** What the policy says; where it asks, what the script's person does. */
  readonly expected: 'allowed' | 'denied' | ScriptedAnswer;
}

const errands = (home: TempHome): readonly Errand[] => [
  { tool: 'list_directory', arguments: { path: home.project }, expected: 'allowed' },
  { tool: 'read_text_file', arguments: { path: join(home.project, 'notes.md') }, expected: 'allowed' },
  { tool: 'read_text_file', arguments: { path: join(home.project, '.env') }, expected: 'denied' },
  {
    tool: 'write_file',
    arguments: { path: join(home.project, 'notes.md'), content: 'Ship on Monday.\n' },
    expected: { answer: 'approve' },
  },
  {
    tool: 'write_file',
    arguments: { path: join(home.project, 'notes.md'), content: 'Ship never.\n' },
    expected: { answer: 'deny', reason: 'we ship on Monday' },
  },
  { tool: 'get_file_info', arguments: { path: join(home.project, 'notes.md') }, expected: 'denied' },
];

/** What the journal says about the last call. */
function lastDecision(home: TempHome): DecisionRecord | undefined {
  return decisions(home, proxyName)
    .filter((record) => record.method === 'tools/call')
    .at(-1);
}

/** `unanswered`: a person was asked, and nobody said anything. */
export type Verdict = 'allowed' | 'denied' | 'approved' | 'refused' | 'unanswered';

function explain(
  home: TempHome,
  record: DecisionRecord,
): { readonly verdict: Verdict; readonly why: string } {
  const rule = record.decidedBy === undefined ? 'no rule speaks of it' : `by the rule "${record.decidedBy}"`;
  const answered = outcomeOf(home, proxyName, record);
  const ms = (value: number | undefined): string => `${value?.toFixed(1) ?? '?'} ms`;
  if (record.effect === 'ask') {
    const seconds = `${((record.waitMs ?? 0) / 1000).toFixed(1)} s`;
    const wait = `a person took ${seconds} (${record.channel})`;
    if (record.reason === 'person_denied') return { verdict: 'refused', why: wait };
    if (record.disposition !== 'forwarded')
      return { verdict: 'unanswered', why: `nobody answered in ${seconds}` };
    return { verdict: 'approved', why: `${wait}; answered in ${ms(answered?.backendMs)} then` };
  }
  if (record.disposition === 'forwarded')
    return { verdict: 'allowed', why: `${rule}; answered in ${ms(answered?.durationMs)}` };
  if (record.reason === 'protected_path')
    return { verdict: 'denied', why: 'mcp-acp’s own files are protected' };
  return { verdict: 'denied', why: rule };
}

export interface Play {
  readonly transcript: Transcript;
  readonly person: Person;
  /** How long the agent waits for an answer to a call. Milliseconds. */
  readonly patienceMs: number;
}

const verdictOf: Readonly<Record<string, Verdict>> = { approved: 'approved', denied: 'refused' };

async function run({ client }: V1Agent, home: TempHome, errand: Errand & Play): Promise<Verdict> {
  const { tool, expected, transcript, person, patienceMs } = errand;
  transcript.agentAsks(`${tool} ${JSON.stringify(errand.arguments).replaceAll(home.project, '…/project')}`);
  const calling = client.callTool({ name: tool, arguments: { ...errand.arguments } }, undefined, {
    timeout: patienceMs,
  });
  const ended = typeof expected === 'string' ? undefined : await person.answer(expected);
  const result = await calling;
  const record = lastDecision(home);
  claim(record?.tool === tool, `the journal has no record of ${tool}`);
  const { verdict, why } = explain(home, record);
  transcript.decided(verdict, why);
  const [content] = result.content as readonly { readonly text?: string }[];
  transcript.agentIsTold(content?.text ?? JSON.stringify(result));
  const shouldBe = ended === undefined ? expected : (verdictOf[ended.end] ?? 'unanswered');
  claim(verdict === shouldBe, `${tool} should have been ${String(shouldBe)}, it was ${verdict}`);
  claim(
    (result.isError === true) === (verdict !== 'allowed' && verdict !== 'approved'),
    `${tool}: what the agent was told does not fit`,
  );
  return verdict;
}

/**
 * A scripted agent on the official SDK, whose calls go through the proxy as any client's would. Returns what became of each
 * call.
 */
export async function playAgent(home: TempHome, play: Play): Promise<readonly Verdict[]> {
  const { transcript } = play;
  transcript.heading('An agent goes to work');
  await using agent = await v1Agent(home.startCommand(proxyName), home.env);
  const { tools } = await agent.client.listTools();
  transcript.say(`The agent sees ${tools.length} tools and speaks MCP ${agent.revision()}.`);
  let expected = 'Ship on Friday.\n';
  const verdicts: Verdict[] = [];
  for (const errand of errands(home)) {
    const verdict = await run(agent, home, { ...errand, ...play });
    verdicts.push(verdict);
    if (verdict === 'approved') expected = errand.arguments.content ?? expected;
  }
  const kept = readFileSync(join(home.project, 'notes.md'), 'utf8');
  claim(kept === expected, 'the file is not as the answers left it');
  transcript.say('');
  transcript.say(`notes.md now reads: ${kept.trim()}`);
  return verdicts;
}
