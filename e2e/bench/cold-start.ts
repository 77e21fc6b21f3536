import { typicalCall } from './load.ts';
import type { Subject } from './subjects.ts';
import { TimedClient } from './timed-client.ts';

/** From starting the process until the first call is answered, handshake included, in milliseconds. */
export async function coldStart(subject: Subject, env: NodeJS.ProcessEnv): Promise<number> {
  const client = new TimedClient(subject.command, env);
  try {
    await client.initialize();
    const { arrivedMs } = await client.request('tools/call', typicalCall);
    return arrivedMs - client.startedMs;
  } finally {
    await client.close();
  }
}
