import { expect, it } from 'vitest';
import { verifies } from '../requirements.ts';
import { badServer } from '../resources/fixtures.ts';
import { decisions, outcomes } from '../resources/journal.ts';
import { TempHome } from '../resources/temp-home.ts';

it(
  verifies(
    'BATCH-RULES',
    'a batch that is answered with a batch arrives whole, and each member has its records',
  ),
  async () => {
    await using home = new TempHome();
    home.addProxy('p', { backend: badServer('batches') });
    await using client = home.start('p');
    await client.initialize('2025-03-26');
    const members = [1, 2, 3].map((id) => ({
      jsonrpc: '2.0',
      id,
      method: 'tools/call',
      params: { name: 'go' },
    }));
    await client.sendLine(JSON.stringify(members));
    const batch = await client.until('the batch', () =>
      client.messages.find((message) => Array.isArray(message)),
    );
    expect(batch).toHaveLength(3);
    const forwarded = decisions(home, 'p').filter(
      ({ method, disposition }) => method === 'tools/call' && disposition === 'forwarded',
    );
    expect(forwarded.map(({ requestId }) => requestId)).toEqual(['1', '2', '3']);
    expect(outcomes(home, 'p').filter(({ method }) => method === 'tools/call')).toHaveLength(3);
  },
);

it(
  verifies(
    ['IDS-BY-TYPE', 'SERVER-REQUESTS-JUDGED'],
    'a request of the backend with the id of a running call is another request',
  ),
  async () => {
    await using home = new TempHome();
    home.addProxy('p', { backend: badServer('asks-with-same-id') });
    await using client = home.start('p');
    await client.initialize();
    await client.sendLine('{"jsonrpc":"2.0","id":5,"method":"tools/call","params":{"name":"go"}}');
    await client.until('the question', () => client.messages.find(({ method }) => method === 'roots/list'));
    await client.sendLine('{"jsonrpc":"2.0","id":5,"result":{"roots":[]}}');
    const answer = await client.answerTo(5);
    expect(answer.result.content[0].text).toBe('the client said {"roots":[]}');
    expect(
      decisions(home, 'p')
        .filter(({ requestId }) => requestId === '5')
        .map(({ from }) => from),
    ).toEqual(['client', 'server']);
  },
);

it(
  verifies('ONE-ANSWER', 'an answer of the client to what nobody asked does not reach the backend'),
  async () => {
    await using home = new TempHome();
    home.addProxy('p', { backend: badServer('asks-with-same-id') });
    await using client = home.start('p');
    await client.initialize();
    // Passed on, this would make the backend answer a call that was never made.
    await client.sendLine('{"jsonrpc":"2.0","id":5,"result":{"roots":[]}}');
    expect((await client.request('ping')).result).toBeDefined();
    expect(client.answersTo(5)).toEqual([]);
  },
);
