import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JournalRecord, OutcomeBody } from '@mcp-acp/shared/journal-record';
import { patienceMs } from './line-client.ts';
import type { TempHome } from './temp-home.ts';

export type DecisionRecord = Extract<JournalRecord, { type: 'decision' }>;
export type OutcomeRecord = Extract<JournalRecord, { type: 'outcome' }>;

/** The files that hold a proxy's streams, oldest name first. */
export function streamFiles(home: TempHome, name: string): readonly string[] {
  const folder = home.paths.auditDir(name);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith('.jsonl'))
    .sort()
    .map((file) => join(folder, file));
}

/** Every complete record of a proxy's journal as it is on disk now, stream by stream. Read as text, not by the product. */
export function records(home: TempHome, name: string): readonly JournalRecord[] {
  return streamFiles(home, name).flatMap((file) => {
    const text = readFileSync(file, 'utf8');
    return text
      .slice(0, text.lastIndexOf('\n') + 1)
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as JournalRecord);
  });
}

export const decisions = (home: TempHome, name: string): readonly DecisionRecord[] =>
  records(home, name).filter((record) => record.type === 'decision');

export const outcomes = (home: TempHome, name: string): readonly OutcomeRecord[] =>
  records(home, name).filter((record) => record.type === 'outcome');

/** The decision about the request with this id, as JSON text of the id. */
export const decisionFor = (home: TempHome, name: string, requestId: string): DecisionRecord | undefined =>
  decisions(home, name).find((record) => record.requestId === requestId);

export const outcomeOf = (
  home: TempHome,
  name: string,
  decision: DecisionRecord | undefined,
): OutcomeBody | undefined =>
  decision &&
  outcomes(home, name).find(
    (record) => record.instance === decision.instance && record.decision === decision.seq,
  );

/** Waits for a record that is written after the answer it belongs to (notifications ride on the next commit). */
export async function eventually<Value>(
  what: string,
  find: () => Value | undefined | false | Promise<Value | undefined | false>,
): Promise<Value> {
  const until = Date.now() + patienceMs;
  for (;;) {
    const value = await find();
    if (value !== undefined && value !== false) return value;
    if (Date.now() > until) throw new Error(`${what} never came`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
