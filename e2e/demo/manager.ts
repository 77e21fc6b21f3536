import { setTimeout as sleep } from 'node:timers/promises';
import { runCommand } from '../resources/command-line.ts';
import { startManager } from '../resources/manager.ts';
import type { TempHome } from '../resources/temp-home.ts';
import { claim, type Transcript } from './transcript.ts';

/** The manager reads the journal, and what was refused is found in its history. */
export async function showHistory(home: TempHome, transcript: Transcript): Promise<void> {
  transcript.heading('The manager has read it all');
  await using manager = await startManager(home);
  const state = () => manager.client.api.history.state.query();
  while ((await state()).state === 'catching_up') await sleep(100);
  const search = ['history', 'search', '--effect', 'deny'];
  transcript.command(`mcp-acp ${search.join(' ')}`);
  const found = await runCommand(home, search);
  transcript.quote(found.stdout);
  claim(found.code === 0, `history search ended with ${found.code}: ${found.stderr}`);
  claim(found.stdout.includes('get_file_info'), 'the history does not have the refused call');
}
