/**
 * A process that takes a lock again and again, and says `twice` if it ever finds another one inside. Now and then it
 * dies while it holds it. Arguments: the lock's base, how often.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { livenessOf, ownProcess, type ProcessIdentity } from '@mcp-acp/audit/process-identity';
import { takeLock } from '../src/manager-lock.ts';

const [base = '', rounds = '1', mayDie = ''] = process.argv.slice(2);
const inside = `${base}-inside`;

function someoneInside(): boolean {
  try {
    const identity = JSON.parse(readFileSync(inside, 'utf8')) as ProcessIdentity;
    // One that was killed and not yet waited for is not inside any more.
    return identity.pid !== process.pid && livenessOf(identity) === 'alive';
  } catch {
    return false;
  }
}

for (let held = 0; held < Number(rounds); ) {
  const attempt = await takeLock({ base, unseenHolds: async () => true });
  if (attempt.kind === 'taken') {
    await delay(Math.random() * 4);
    continue;
  }
  held++;
  if (someoneInside()) process.stdout.write('twice\n');
  writeFileSync(inside, JSON.stringify(ownProcess()));
  await delay(Math.random() * 3);
  if (someoneInside()) process.stdout.write('twice\n');
  if (mayDie !== '' && Math.random() < 0.2) process.kill(process.pid, 'SIGKILL');
  rmSync(inside, { force: true });
  attempt.lock.release();
}
process.stdout.write('done\n');
