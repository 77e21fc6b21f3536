import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../resources/command-line.ts';
import { streamFiles } from '../resources/journal.ts';
import { TempHome } from '../resources/temp-home.ts';
import { proxyName } from './scene.ts';
import { claim, type Transcript } from './transcript.ts';

/** The journal verifies; one byte of a copy is changed, and the change is found. */
export async function showTampering(home: TempHome, transcript: Transcript): Promise<void> {
  transcript.heading('The journal is intact');
  const verify = ['audit', 'verify', '--proxy', proxyName];
  const intact = await runCommand(home, verify);
  transcript.command(`mcp-acp ${verify.join(' ')}`);
  transcript.quote(intact.stdout);
  claim(intact.code === 0, `audit verify ended with ${intact.code}: ${intact.stderr}`);
  await transcript.pause();

  transcript.heading('One byte of a copy is changed');
  await using copy = new TempHome();
  // Sockets of what runs are no files to copy.
  cpSync(home.home, copy.home, { recursive: true, filter: (path) => path !== home.paths.run });
  const [stream = ''] = streamFiles(copy, proxyName);
  const bytes = readFileSync(stream);
  const at = bytes.indexOf('"decidedBy":"no-secrets"') + '"decidedBy":"no-secret'.length;
  const line = bytes.subarray(0, at).toString('latin1').split('\n').length;
  claim(bytes[at] === 's'.charCodeAt(0), 'the refusal is not in the journal');
  bytes[at] = 'z'.charCodeAt(0);
  writeFileSync(stream, bytes);
  transcript.say(`Byte ${at}, in record ${line}, the refusal of .env: "no-secrets" now reads "no-secretz".`);
  const found = await runCommand(copy, verify);
  transcript.command(`MCP_ACP_HOME=${join(copy.base, 'home')} mcp-acp ${verify.join(' ')}`);
  transcript.quote(`${found.stdout}${found.stderr}`);
  claim(found.code === 1, `audit verify ended with ${found.code} on a changed journal`);
  const json = await runCommand(copy, [...verify, '--json']);
  claim(json.stdout.includes('tampered'), 'audit verify --json does not say "tampered"');
  claim(new RegExp(`\\b${line}\\b`).test(found.stdout), `audit verify does not name record ${line}`);
}
