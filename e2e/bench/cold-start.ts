import type { Subject } from './leg.ts';
import { requests } from './load.ts';

/** From starting the process, or connecting where there is none, until the first call is answered: milliseconds. */
export async function coldStart(subject: Subject): Promise<number> {
  const client = subject.connect();
  try {
    await client.initialize();
    const { arrivedMs } = await client.request(requests.call.method, requests.call.params);
    return arrivedMs - client.startedMs;
  } finally {
    await client.close();
  }
}
