import { setTimeout as sleep } from 'node:timers/promises';
import { runCommand } from '../resources/command-line.ts';
import { binary } from '../resources/fixtures.ts';
import { patienceMs } from '../resources/line-client.ts';
import type { RunningManager } from '../resources/manager.ts';
import type { TempHome } from '../resources/temp-home.ts';
import { claim, type Transcript } from './transcript.ts';

/** Opens the dashboard for whoever sits here. */
export async function openDashboard(home: TempHome, transcript: Transcript): Promise<void> {
  transcript.heading('The dashboard opens');
  transcript.command('mcp-acp manager open');
  const opened = await runCommand(home, ['manager', 'open']);
  transcript.quote(`${opened.stdout}${opened.stderr}`);
  claim(opened.code === 0, `manager open ended with ${opened.code}`);
  transcript.say('');
  transcript.say('Closed the page? In another terminal, as long as the demo runs:');
  transcript.command(reopenCommand(home));
}

/** What a reader can paste into any shell: the demo has a home of its own, and its program is on no PATH. */
export const reopenCommand = ({ home }: Pick<TempHome, 'home'>): string =>
  `MCP_ACP_HOME=${quoted(home)} ${quoted(process.execPath)} ${quoted(binary)} manager open`;

const quoted = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;

/** The manager reads the journal, and what was refused is found in its history. */
export async function showHistory(
  home: TempHome,
  manager: RunningManager,
  transcript: Transcript,
): Promise<void> {
  transcript.heading('The manager has read it all');
  const { api } = manager.client;
  const refused = { type: 'decision', tool: 'get_file_info', limit: 1 } as const;
  // It reads right behind the writer; a moment is all it needs.
  for (let waitedMs = 0; waitedMs < patienceMs; waitedMs += 50) {
    if ((await api.history.records.query(refused)).records.length > 0) break;
    await sleep(50);
  }
  const search = ['history', 'search', '--effect', 'deny'];
  transcript.command(`mcp-acp ${search.join(' ')}`);
  const found = await runCommand(home, search);
  transcript.quote(found.stdout);
  claim(found.code === 0, `history search ended with ${found.code}: ${found.stderr}`);
  claim(found.stdout.includes('get_file_info'), 'the history does not have the refused call');
}
