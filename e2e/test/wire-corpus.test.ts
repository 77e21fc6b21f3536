import type { Sender } from '@mcp-acp/shared/journal-record';
import { describe, expect, it } from 'vitest';
import { corpusOf, corpusRevisions, refusedCorpus } from '../../packages/mcp/test/read-corpus.ts';
import { verifies } from '../requirements.ts';
import { isAnswer, speakerOf } from '../resources/corpus-speakers.ts';
import type { LineClient } from '../resources/line-client.ts';
import { TempHome } from '../resources/temp-home.ts';
import { WirePlayer } from '../resources/wire-player.ts';
import { firstLineApart } from '../servers/compare.ts';

/** Bytes that a failed comparison can show. */
const shown = (lines: readonly Buffer[]): readonly string[] => lines.map((line) => line.toString('latin1'));

/** A proxy between a client and a player, with all that ever arrived on either side. */
class Wires {
  private readonly client: LineClient;
  private readonly player: WirePlayer;
  readonly said: Record<Sender, Buffer[]> = { client: [], server: [] };

  constructor(client: LineClient, player: WirePlayer) {
    this.client = client;
    this.player = player;
  }

  /** Says lines at once, and resolves when as many have arrived on the other side. */
  async say(from: Sender, ...lines: readonly Buffer[]): Promise<void> {
    if (lines.length === 0) return;
    this.said[from].push(...lines);
    const count = this.said[from].length;
    if (from === 'server') {
      await this.player.say(...lines);
      const enough = (): true | undefined => (this.client.lines.length >= count ? true : undefined);
      await this.client.until(`line ${count} at the client`, enough);
    } else {
      await this.client.sendRaw(Buffer.concat(lines.flatMap((line) => [line, Buffer.from('\n')])));
      await this.player.arrivals(count);
    }
  }

  expectByteEqual(): void {
    expect(firstLineApart(shown(this.said.client), shown(this.player.arrived))).toBeUndefined();
    expect(firstLineApart(shown(this.said.server), shown(this.client.lines))).toBeUndefined();
  }
}

describe.each(corpusRevisions())('the messages of %s', (revision) => {
  const files = corpusOf(revision);

  it(verifies(
    ['WIRE-CORPUS', 'WIRE-BYTES', 'NEVER-SPEAKS-FIRST'],
    'arrive one by one as they were sent',
  ), async () => {
    await using home = new TempHome();
    await using player = await WirePlayer.create();
    home.addProxy('p', { backend: player.command, durability: 'flush' });
    await using client = home.start('p');
    const wires = new Wires(client, player);
    for (const file of files) {
      for (const line of file.lines) await wires.say(speakerOf(file, line), line);
    }
    wires.expectByteEqual();
  }, 300_000);

  it(verifies(
    ['WIRE-CORPUS', 'WIRE-BYTES'],
    'arrive as they were sent in one write, answered last first',
  ), async () => {
    await using home = new TempHome();
    await using player = await WirePlayer.create();
    home.addProxy('p', { backend: player.command, durability: 'flush' });
    await using client = home.start('p');
    const wires = new Wires(client, player);
    for (const file of files) {
      // What a session may send depends on its handshake, so that one goes line by line.
      if (file.family === 'lifecycle') {
        for (const line of file.lines) await wires.say(speakerOf(file, line), line);
        continue;
      }
      const answers = file.lines.filter(isAnswer);
      await wires.say(file.initiator, ...file.lines.filter((line) => !isAnswer(line)));
      await wires.say(file.initiator === 'client' ? 'server' : 'client', ...answers.toReversed());
    }
    wires.expectByteEqual();
  }, 300_000);
});

describe('what must be refused', () => {
  const ping = (id: number): Buffer => Buffer.from(`{"jsonrpc":"2.0","id":"ping ${id}","method":"ping"}`);
  const pong = (id: number): Buffer => Buffer.from(`{"jsonrpc":"2.0","id":"ping ${id}","result":{}}`);
  const told = Buffer.from(
    '{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":1}}',
  );

  it(verifies('WIRE-CORPUS', 'does not reach the backend, and the client is told why'), async () => {
    await using home = new TempHome();
    await using player = await WirePlayer.create();
    home.addProxy('p', { backend: player.command, durability: 'flush' });
    await using client = home.start('p');
    const wrong: string[] = [];
    const lines = refusedCorpus();
    for (const [index, { code, line }] of lines.entries()) {
      const { error } = await client.refusal(line);
      if (error?.data?.code !== code) wrong.push(`${code}: ${line.toString('latin1').slice(0, 200)}`);
      await client.sendLine(ping(index));
      await player.arrivals(index + 1);
      await player.say(pong(index));
      await client.answerTo(`ping ${index}`);
    }
    expect(wrong).toEqual([]);
    expect(shown(player.arrived)).toEqual(shown(lines.map((_, index) => ping(index))));
  });

  it(verifies('WIRE-CORPUS', 'does not reach the client'), async () => {
    await using home = new TempHome();
    await using player = await WirePlayer.create();
    home.addProxy('p', { backend: player.command, durability: 'flush' });
    await using client = home.start('p');
    const lines = refusedCorpus();
    await player.say(...lines.flatMap(({ line }) => [line, told]));
    const all = (): true | undefined => (client.lines.length >= lines.length ? true : undefined);
    await client.until('a message after each refused one', all);
    expect(shown(client.lines)).toEqual(shown(lines.map(() => told)));
  });
});
