import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { verifies } from '../requirements.ts';
import { liveShortly, shortLifeHome } from '../resources/short-life.ts';
import { startTraced } from '../resources/traced-proxy.ts';

it(
  verifies(
    ['INTENT-DURABLE', 'OUTCOME-BEFORE-ANSWER', 'JOURNAL-GROUP-COMMIT'],
    'the kernel sees intent, sync, call, outcome, answer, in that order',
  ),
  async () => {
    await using home = shortLifeHome();
    const trace = join(home.base, 'trace');
    const args = ['-f', '-s', '100000', '-e', 'trace=write,writev,pwrite64,fdatasync', '-o', trace];
    await using client = startTraced(home, 'p', args);
    await liveShortly(client);
    // With -f each line begins with the thread's id; a call that others interrupt is in two lines, of which the second has its end.
    const lines = readFileSync(trace, 'utf8').split('\n');
    const stream = '.0001.jsonl>';
    const find = (what: string, matches: (line: string) => boolean, from: number): number => {
      const found = lines.findIndex((line, index) => index > from && matches(line));
      expect(found, what).toBeGreaterThan(from);
      return found;
    };
    for (const id of ['one', 'two', 'three']) {
      const inRecord = `\\"requestId\\":\\"\\\\\\"${id}\\\\\\"\\"`;
      const onWire = `\\"id\\":\\"${id}\\"`;
      const intent = find(
        'the intent',
        (line) =>
          line.includes(stream) && line.includes(inRecord) && line.includes('\\"type\\":\\"decision\\"'),
        -1,
      );
      const synced = find('the sync', (line) => line.includes('fdatasync') && line.includes(stream), intent);
      const call = find(
        'the call',
        (line) =>
          line.includes(onWire) &&
          line.includes('tools/call') &&
          !line.includes(stream) &&
          !line.includes('ran>'),
        -1,
      );
      expect(synced).toBeLessThan(call);
      const outcome = find(
        'the outcome',
        (line) =>
          line.includes(stream) && line.includes(inRecord) && line.includes('\\"type\\":\\"outcome\\"'),
        call,
      );
      const answer = find(
        'the answer',
        (line) => /\bwritev?\(1</.test(line) && line.includes(onWire) && line.includes('\\"result\\"'),
        outcome,
      );
      expect(outcome).toBeLessThan(answer);
    }
  },
);
