import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { verifyJournal } from '@mcp-acp/audit/verify-journal';
import { plainServer } from './fixtures.ts';
import { records } from './journal.ts';
import type { LineClient, WireMessage } from './line-client.ts';
import { TempHome } from './temp-home.ts';

const requests: readonly { readonly id: string; readonly line: string }[] = [
  {
    id: 'hello',
    line: '{"jsonrpc":"2.0","id":"hello","method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"short-life","version":"1.0.0"}}}',
  },
  { id: 'list', line: '{"jsonrpc":"2.0","id":"list","method":"tools/list"}' },
  ...['one', 'two', 'three'].map((id) => ({
    id,
    line: `{"jsonrpc":"2.0","id":"${id}","method":"tools/call","params":{"name":"echo","arguments":{"message":"${id}"}}}`,
  })),
];

export function shortLifeHome(): TempHome {
  const home = new TempHome();
  home.addProxy('p', { backend: plainServer('--ran', join(home.base, 'ran')) });
  return home;
}

const refused = (answer: WireMessage): boolean =>
  answer.error !== undefined || answer.result?.isError === true;

/**
 * Lives a short life through a proxy: start, handshake, list, three calls, end. Whatever happens to the proxy on the way,
 * it returns the ids that were answered and not refused; a request that is neither answered nor cut off by the end of
 * the process throws.
 */
export async function liveShortly(client: LineClient): Promise<readonly string[]> {
  const answered: string[] = [];
  for (const { id, line } of requests) {
    await client.sendLine(line);
    const answer = await client.answerTo(id).catch((error: unknown) => {
      if (client.exit === undefined) throw error;
      return undefined;
    });
    if (answer === undefined) break;
    if (!refused(answer)) answered.push(id);
  }
  client.child.stdin.end();
  await client.ended();
  for (const { id } of requests) {
    if (client.answersTo(id).length > 1) throw new Error(`${id} was answered twice`);
  }
  return answered;
}

/** What must hold after any fault: a sentence for each thing that does not. */
export async function broken(home: TempHome, answered: readonly string[]): Promise<readonly string[]> {
  const faults: string[] = [];
  const verdict = await verifyJournal(home.paths.auditDir('p'));
  if (verdict.verdict === 'tampered') faults.push(`called tampering: ${JSON.stringify(verdict)}`);
  const all = records(home, 'p');
  const ranFile = join(home.base, 'ran');
  const ran = existsSync(ranFile) ? readFileSync(ranFile, 'utf8') : '';
  for (const { id } of requests) {
    const key = JSON.stringify(id);
    const intent = all.some(
      (record) =>
        record.type === 'decision' && record.requestId === key && record.disposition === 'forwarded',
    );
    const outcome = all.some((record) => record.type === 'outcome' && record.requestId === key);
    if (answered.includes(id) && !(intent && outcome)) faults.push(`${id} was answered without its records`);
    if (ran.includes(`"id":${key}`) && !intent) faults.push(`${id} ran without a recorded intent`);
  }
  return faults;
}

/** Starts the proxy anew, undisturbed: it must come up by itself, work, and heal what the fault left. */
export async function comesUpAgain(home: TempHome): Promise<readonly string[]> {
  await using client = home.start('p');
  const answered = await liveShortly(client);
  const faults =
    answered.length === requests.length ? [] : [`after the restart only ${answered} was answered`];
  const verdict = await verifyJournal(home.paths.auditDir('p'));
  if (verdict.verdict === 'tampered')
    faults.push(`called tampering after the restart: ${JSON.stringify(verdict)}`);
  return faults;
}
