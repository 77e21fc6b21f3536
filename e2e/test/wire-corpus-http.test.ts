import type { Sender } from '@mcp-acp/shared/journal-record';
import { describe, expect, it } from 'vitest';
import { type CorpusFile, corpusOf, corpusRevisions } from '../../packages/mcp/test/read-corpus.ts';
import { verifies } from '../requirements.ts';
import { isAnswer, speakerOf } from '../resources/corpus-speakers.ts';
import { asHttpBrings, HttpPlayer, type ReplyForm } from '../resources/http-player.ts';
import type { LineClient } from '../resources/line-client.ts';
import { TempHome } from '../resources/temp-home.ts';
import { firstLineApart } from '../servers/compare.ts';

/** Bytes that a failed comparison can show. */
const shown = (lines: readonly Buffer[]): readonly string[] => lines.map((line) => line.toString('latin1'));

const stateless = '2026-07-28';

/** A request that stays open while the server speaks, where it has no stream of its own. */
const carrierIn = (revision: string): Buffer => {
  const _meta = {
    'io.modelcontextprotocol/protocolVersion': revision,
    'io.modelcontextprotocol/clientCapabilities': {},
  };
  const params = { name: 'carry', ...(revision === stateless ? { _meta } : {}) };
  return Buffer.from(JSON.stringify({ jsonrpc: '2.0', id: 'carrier', method: 'tools/call', params }));
};
const carried = Buffer.from(
  '{"jsonrpc":"2.0","id":"carrier","result":{"resultType":"complete","content":[]}}',
);

interface Leg {
  readonly revision: string;
  readonly form: ReplyForm;
}

const legs: readonly Leg[] = corpusRevisions().flatMap((revision) => {
  const forms: readonly ReplyForm[] =
    revision === stateless ? ['json', 'stream'] : ['json', 'stream', 'older'];
  return forms.map((form) => ({ revision, form }));
});

/** A conversation behind a proxy whose backend speaks HTTP. */
class Wires {
  private readonly client: LineClient;
  private readonly player: HttpPlayer;
  readonly said: Record<Sender, Buffer[]> = { client: [], server: [] };

  constructor(client: LineClient, player: HttpPlayer) {
    this.client = client;
    this.player = player;
  }

  /** Says lines at once, and resolves when as many have arrived on the other side. */
  async say(from: Sender, ...lines: readonly Buffer[]): Promise<void> {
    this.said[from].push(...lines);
    const count = this.said[from].length;
    if (from === 'client') {
      await this.client.sendRaw(Buffer.concat(lines.flatMap((line) => [line, Buffer.from('\n')])));
      await this.player.arrivals(count);
      return;
    }
    for (const line of lines) await this.player.say(line);
    const enough = (): true | undefined => (this.client.lines.length >= count ? true : undefined);
    await this.client.until(`line ${count} at the client`, enough);
  }

  async play(file: CorpusFile): Promise<void> {
    for (const line of file.lines) await this.say(speakerOf(file, line), line);
  }
}

describe.each(legs)('$revision over HTTP, replies as $form', ({ revision, form }) => {
  it(verifies(
    ['WIRE-CORPUS-HTTP', 'WIRE-BYTES', 'HTTP-REPLIES'],
    'every message arrives as it was sent',
  ), async () => {
    await using home = new TempHome();
    await using player = await HttpPlayer.start(form);
    home.addProxy('p', { backend: player.backend, durability: 'flush' });
    await using client = home.start('p');
    const wires = new Wires(client, player);
    for (const file of corpusOf(revision)) {
      const needsCarrier = file.initiator === 'server' && (form === 'stream' || revision === stateless);
      if (needsCarrier) await wires.say('client', carrierIn(revision));
      await wires.play(file);
      if (needsCarrier) await wires.say('server', carried);
    }
    expect(firstLineApart(shown(wires.said.client), shown(player.arrived))).toBeUndefined();
    const brought = wires.said.server.map(asHttpBrings);
    expect(firstLineApart(shown(brought), shown(client.lines))).toBeUndefined();
  }, 300_000);
});

describe.each(corpusRevisions())('%s over HTTP, in bursts', (revision) => {
  it(verifies(
    ['WIRE-CORPUS-HTTP', 'WIRE-BYTES'],
    'every message arrives as it was sent, answered last first',
  ), async () => {
    await using home = new TempHome();
    await using player = await HttpPlayer.start('json');
    home.addProxy('p', { backend: player.backend, durability: 'flush' });
    await using client = home.start('p');
    const wires = new Wires(client, player);
    for (const file of corpusOf(revision)) {
      if (file.initiator === 'server') continue;
      if (file.family === 'lifecycle') {
        await wires.play(file);
        continue;
      }
      await wires.say('client', ...file.lines.filter((line) => !isAnswer(line)));
      await wires.say('server', ...file.lines.filter(isAnswer).toReversed());
    }
    // Each message has an HTTP request of its own, so that their order is only kept where it matters to a server.
    const sorted = (lines: readonly Buffer[]): readonly string[] => shown(lines).toSorted();
    expect(firstLineApart(sorted(wires.said.client), sorted(player.arrived))).toBeUndefined();
    const brought = wires.said.server.map(asHttpBrings);
    expect(firstLineApart(sorted(brought), sorted(client.lines))).toBeUndefined();
  }, 300_000);
});
