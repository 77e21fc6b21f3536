import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DecisionRecord, decisions, outcomeOf } from '../resources/journal.ts';
import type { TempHome } from '../resources/temp-home.ts';
import { type V1Agent, v1Agent } from '../resources/v1-agent.ts';
import { proxyName } from './scene.ts';
import { claim, type Transcript } from './transcript.ts';

interface Errand {
  readonly tool: string;
  readonly arguments: Readonly<Record<string, string>>;
  readonly expected: 'allowed' | 'denied' | 'asked';
}

const errands = (home: TempHome): readonly Errand[] => [
  { tool: 'list_directory', arguments: { path: home.project }, expected: 'allowed' },
  { tool: 'read_text_file', arguments: { path: join(home.project, 'notes.md') }, expected: 'allowed' },
  { tool: 'read_text_file', arguments: { path: join(home.project, '.env') }, expected: 'denied' },
  {
    tool: 'write_file',
    arguments: { path: join(home.project, 'notes.md'), content: 'Ship never.' },
    expected: 'asked',
  },
  { tool: 'get_file_info', arguments: { path: join(home.project, 'notes.md') }, expected: 'denied' },
];

/** What the journal says about the last call. */
function lastDecision(home: TempHome): DecisionRecord | undefined {
  return decisions(home, proxyName)
    .filter((record) => record.method === 'tools/call')
    .at(-1);
}

function explain(home: TempHome, record: DecisionRecord): { verdict: Errand['expected']; why: string } {
  const rule = record.decidedBy === undefined ? 'no rule speaks of it' : `by the rule "${record.decidedBy}"`;
  if (record.disposition === 'forwarded') {
    const outcome = outcomeOf(home, proxyName, record);
    return { verdict: 'allowed', why: `${rule}; answered in ${outcome?.durationMs.toFixed(1) ?? '?'} ms` };
  }
  if (record.reason === 'nobody_could_be_asked') {
    return { verdict: 'asked', why: `${rule}; nobody could be asked, so it was not run` };
  }
  if (record.reason === 'protected_path')
    return { verdict: 'denied', why: 'mcp-acp’s own files are protected' };
  return { verdict: 'denied', why: rule };
}

async function run(
  { client }: V1Agent,
  home: TempHome,
  errand: Errand,
  transcript: Transcript,
): Promise<void> {
  transcript.agentAsks(
    `${errand.tool} ${JSON.stringify(errand.arguments).replaceAll(home.project, '…/project')}`,
  );
  const result = await client.callTool({ name: errand.tool, arguments: { ...errand.arguments } });
  const record = lastDecision(home);
  claim(record?.tool === errand.tool, `the journal has no record of ${errand.tool}`);
  const { verdict, why } = explain(home, record);
  transcript.decided(verdict, why);
  const [content] = result.content as readonly { readonly text?: string }[];
  transcript.agentIsTold(content?.text ?? JSON.stringify(result));
  claim(verdict === errand.expected, `${errand.tool} should have been ${errand.expected}, it was ${verdict}`);
  claim(
    (result.isError === true) === (verdict !== 'allowed'),
    `${errand.tool}: what the agent was told does not fit`,
  );
}

/** A scripted agent on the official SDK, whose calls go through the proxy as any client's would. */
export async function playAgent(home: TempHome, transcript: Transcript): Promise<void> {
  transcript.heading('An agent goes to work');
  await using agent = await v1Agent(home.startCommand(proxyName), home.env);
  const { tools } = await agent.client.listTools();
  transcript.say(`The agent sees ${tools.length} tools and speaks MCP ${agent.revision()}.`);
  for (const errand of errands(home)) await run(agent, home, errand, transcript);
  const kept = readFileSync(join(home.project, 'notes.md'), 'utf8');
  claim(kept === 'Ship on Friday.\n', 'the refused write changed the file');
  transcript.say('');
  transcript.say(`notes.md still reads: ${kept.trim()}`);
}
