import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { verifies } from '../requirements.ts';
import { broken, comesUpAgain, liveShortly, shortLifeHome } from '../resources/short-life.ts';
import { fileCalls, type Moment, momentsIn, startTraced } from '../resources/traced-proxy.ts';

/** Every moment of one undisturbed life at which the proxy touches a file of its home. */
async function everyMoment(): Promise<readonly Moment[]> {
  await using home = shortLifeHome();
  const trace = join(home.base, 'trace');
  await using client = startTraced(home, 'p', ['-e', `trace=${fileCalls.join(',')}`, '-o', trace]);
  const answered = await liveShortly(client);
  expect(answered).toEqual(['hello', 'list', 'one', 'two', 'three']);
  return momentsIn(trace, home.home);
}

const moments = await everyMoment();

interface Life {
  readonly faults: readonly string[];
  /** Whether the fault was felt: the process ended by it, or a request was refused. */
  readonly struck: boolean;
}

/** One life with one fault in it (`nth` of its kind, or from the nth on), and the life after. */
async function liveThrough({ call, nth }: Moment, injection: string, andAfter: boolean): Promise<Life> {
  await using home = shortLifeHome();
  const where = `${call}:${injection}:when=${nth}${andAfter ? '+' : ''}`;
  let struck = false;
  try {
    const answered = await (async () => {
      const args = ['-e', `trace=${call}`, '-e', `inject=${where}`, '-o', '/dev/null'];
      await using client = startTraced(home, 'p', args);
      const ids = await liveShortly(client);
      struck = client.exit?.code !== 0 || ids.length < 5;
      return ids;
    })();
    const faults = [...(await broken(home, answered)), ...(await comesUpAgain(home))];
    return { faults: faults.map((fault) => `${where}: ${fault}`), struck };
  } catch (error) {
    return { faults: [`${where}: ${String(error)}`], struck };
  }
}

/** Two at a time: each is mostly waiting for processes to start. */
async function liveAll(chosen: readonly Moment[], injection: string, andAfter = false) {
  const lives: Life[] = [];
  const queue = [...chosen];
  const worker = async (): Promise<void> => {
    for (let moment = queue.shift(); moment !== undefined; moment = queue.shift()) {
      lives.push(await liveThrough(moment, injection, andAfter));
    }
  };
  await Promise.all([worker(), worker()]);
  const struck = lives.filter((life) => life.struck).length;
  process.stdout.write(`${injection}: felt in ${struck} of ${lives.length} lives\n`);
  return { faults: lives.flatMap((life) => life.faults), struck };
}

const writing = moments.filter(({ call }) => call !== 'openat' && call !== 'mkdir' && call !== 'unlink');

describe('every moment at which the proxy touches its home', () => {
  it('is known: writes, syncs, opens and links are among them', () => {
    const calls = new Set(moments.map(({ call }) => call));
    for (const call of ['pwrite64', 'fdatasync', 'openat', 'link']) expect(calls).toContain(call);
    process.stdout.write(`${moments.length} moments: ${[...calls].join(', ')}\n`);
  });

  it(verifies(['SUDDEN-DEATH', 'TORN-TAIL'], 'survives SIGKILL'), async () => {
    const { faults, struck } = await liveAll(moments, 'signal=SIGKILL');
    expect(faults).toEqual([]);
    expect(struck).toBeGreaterThan(moments.length * 0.9);
  });

  for (const error of ['ENOSPC', 'EIO']) {
    it(verifies(['DISK-FAILS', 'DISK-RECOVERS', 'ONE-ANSWER'], `survives ${error} once`), async () => {
      const { faults, struck } = await liveAll(error === 'EIO' ? writing : moments, `error=${error}`);
      expect(faults).toEqual([]);
      expect(struck).toBeGreaterThan(0);
    });

    it(
      verifies(['DISK-FAILS', 'DISK-RECOVERS', 'ONE-ANSWER'], `survives ${error} from there on`),
      async () => {
        const { faults, struck } = await liveAll(writing, `error=${error}`, true);
        expect(faults).toEqual([]);
        expect(struck).toBeGreaterThan(0);
      },
    );
  }
});
