import { expect, it } from 'vitest';
import { verifies } from '../requirements.ts';
import { runCommand } from '../resources/command-line.ts';
import { plainServer } from '../resources/fixtures.ts';
import { type BackendKind, FlowScene, flowsV1 } from '../resources/flow-scene.ts';
import { records, streamFiles } from '../resources/journal.ts';
import { TempHome } from '../resources/temp-home.ts';

it(
  verifies(
    ['SEVERAL-CLIENTS', 'JOURNAL-ONE-WRITER'],
    'eight clients start one proxy at once, and nothing crosses',
  ),
  async () => {
    await using home = new TempHome();
    home.addProxy('p', { backend: plainServer() });
    const clients = Array.from({ length: 8 }, () => home.start('p'));
    await using _clients: AsyncDisposable = {
      [Symbol.asyncDispose]: async () => {
        await Promise.all(clients.map((client) => client[Symbol.asyncDispose]()));
      },
    };
    await Promise.all(clients.map((client) => client.initialize()));
    await Promise.all(
      clients.map(async (client, who) => {
        for (let id = 0; id < 100; id++) {
          await client.sendLine(
            `{"jsonrpc":"2.0","id":${id},"method":"tools/call","params":{"name":"echo","arguments":{"message":"${who}/${id}"}}}`,
          );
        }
        for (let id = 0; id < 100; id++) {
          const answer = await client.answerTo(id);
          expect(answer.result.content[0].text).toBe(`echo: ${who}/${id}`);
        }
      }),
    );
    await Promise.all(clients.map((client) => client.end()));
    expect(streamFiles(home, 'p')).toHaveLength(8);
    expect(new Set(records(home, 'p').map((record) => record.instance)).size).toBe(8);
    const verdict = await runCommand(home, ['audit', 'verify', '--proxy', 'p', '--json']);
    expect(verdict.code, verdict.stdout + verdict.stderr).toBe(0);
  },
);

const sampler = {
  protocolVersion: '2025-11-25',
  capabilities: { sampling: {} },
  clientInfo: { name: 'sampler', version: '1.0.0' },
};

it.each(['stdio', 'http', 'sse'] as const satisfies readonly BackendKind[])(
  verifies(
    ['SEVERAL-CLIENTS', 'FLOW-SAMPLING'],
    'over %s, each has a backend of its own, whose questions with the same ids only it is asked',
  ),
  async (kind) => {
    await using scene = await FlowScene.open({ server: flowsV1, kind });
    const clients = Array.from({ length: 3 }, () => scene.start('p'));
    await using _clients: AsyncDisposable = {
      [Symbol.asyncDispose]: async () => {
        await Promise.all(clients.map((client) => client[Symbol.asyncDispose]()));
      },
    };
    const questions = await Promise.all(
      clients.map(async (client, who) => {
        await client.request('initialize', sampler, 'initialize');
        await client.notify('notifications/initialized');
        for (let times = 0; times <= who; times++) await client.call('echo', { message: 'x' }, `e${times}`);
        await client.sendLine(
          '{"jsonrpc":"2.0","id":9,"method":"tools/call","params":{"name":"ask_model","arguments":{}}}',
        );
        const question = await client.until('the question', () =>
          client.messages.find(({ method }) => method === 'sampling/createMessage'),
        );
        const content = { type: 'text', text: `model of ${who}` };
        const result = { model: 'none', role: 'assistant', content };
        await client.sendLine(JSON.stringify({ jsonrpc: '2.0', id: question.id, result }));
        expect((await client.answerTo(9)).result.content[0].text).toBe(`model of ${who}`);
        const counts = JSON.parse((await client.call('counts', {}, 'counts')).result.content[0].text);
        expect(counts.ran).toBe(who + 1);
        return question.id;
      }),
    );
    expect(new Set(questions).size).toBe(1);
    await Promise.all(clients.map((client) => client.end()));
  },
);
