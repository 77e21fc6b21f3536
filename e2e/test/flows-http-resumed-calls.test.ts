import { expect, it } from 'vitest';
import { verifies } from '../requirements.ts';
import { answer, type Script, stream } from '../resources/http-backend.ts';
import { beginCall, playHttp, textOf } from '../resources/http-scene.ts';

it(verifies('HTTP-RESUMPTION', 'no call that is taken up again waits for another one'), () => {
  const pending = new Map<string, object>();
  const script: Script = {
    'tools/call': (received, response) => {
      const event = `${received.message.id}-1`;
      pending.set(event, answer(received, 'ran'));
      const events = stream(response);
      events.raw(`retry: 1\nid: ${event}\ndata:\n\n`);
      events.end();
    },
    GET: ({ headers }, response) => {
      const events = stream(response);
      const after = headers['last-event-id'];
      if (after !== 'quick-1') return;
      events.event(pending.get(after));
      events.end();
    },
  };
  return playHttp(script, async ({ client, backend }) => {
    await client.initialize();
    const slow = ['slow a', 'slow b', 'slow c', 'slow d'];
    for (const id of slow) await beginCall(client, id);
    expect(textOf(await client.call('go', {}, 'quick'))).toBe('ran');
    const asked = (): readonly unknown[] => backend.of('GET').map(({ headers }) => headers['last-event-id']);
    await backend.until('the others', () => slow.every((id) => asked().includes(`${id}-1`)));
  });
});
