import { expect, it } from 'vitest';
import { verifies } from '../requirements.ts';
import { runCommand } from '../resources/command-line.ts';
import { plainServer } from '../resources/fixtures.ts';
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
