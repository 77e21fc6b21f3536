import { describe, expect, it } from 'vitest';
import { verifies } from '../requirements.ts';
import { type BackendKind, FlowScene, flowsV1, flowsV2 } from '../resources/flow-scene.ts';
import { answer, HttpBackend, json, type Script } from '../resources/http-backend.ts';
import { decisionFor, outcomeOf } from '../resources/journal.ts';
import { LineClient } from '../resources/line-client.ts';
import { statelessClient } from '../resources/stateless-client.ts';
import { TempHome } from '../resources/temp-home.ts';

const mebibytes = 10;
const bytes = mebibytes * 1024 * 1024;

async function withClient(
  settings: Parameters<typeof FlowScene.open>[0] & { readonly revision: string },
  play: (client: LineClient, scene: FlowScene) => Promise<void>,
): Promise<void> {
  await using scene = await FlowScene.open(settings);
  const [command, ...args] = scene.near;
  {
    await using client = new LineClient({ command, args, env: scene.env, cwd: scene.base });
    await play(client, scene);
    await client.end();
  }
  await scene.expectTransparent(settings.revision);
}

describe.each(['stdio', 'http', 'sse'] as const satisfies readonly BackendKind[])('over %s', (kind) => {
  it(verifies(['FLOW-LARGE', 'FLOW-BYTES'], `a result of ${mebibytes} MiB passes (2025-11-25)`), () =>
    withClient({ server: flowsV1, kind, revision: '2025-11-25' }, async (client, scene) => {
      await client.initialize();
      const { result } = await client.call('big', { bytes }, 'big');
      expect(result.content[0].text.length).toBe(bytes);
      const outcome = outcomeOf(scene, 'p', decisionFor(scene, 'p', '"big"'));
      expect(outcome?.size).toBe(client.lines.at(-1)?.length);
      expect((await client.call('echo', { message: 'small' })).result.content[0].text).toBe('small');
    }),
  );
});

describe.each(['stdio', 'http'] as const satisfies readonly BackendKind[])('over %s', (kind) => {
  it(verifies(['FLOW-LARGE', 'FLOW-BYTES'], `a result of ${mebibytes} MiB passes (2026-07-28)`), () =>
    withClient({ server: flowsV2, kind, revision: '2026-07-28' }, async (client) => {
      const { request } = statelessClient(client, {});
      const { result } = await request('tools/call', { name: 'big', arguments: { bytes } }, 'big');
      expect(result.content[0].text.length).toBe(bytes);
    }),
  );
});

describe('what goes to an HTTP backend', () => {
  async function withBackend(
    script: Script,
    play: (client: LineClient, backend: HttpBackend) => Promise<void>,
  ): Promise<void> {
    await using backend = await HttpBackend.start(script);
    await using home = new TempHome();
    home.addProxy('p', { backend: { transport: 'http', url: backend.url } });
    await using client = home.start('p');
    await client.initialize();
    await play(client, backend);
  }

  it(verifies('FLOW-LARGE', `may be ${mebibytes} MiB too`), () =>
    withBackend({}, async (client, backend) => {
      const { result } = await client.call('go', { text: 'x'.repeat(bytes) });
      expect(result.content[0].text).toBe('ran');
      expect(backend.of('tools/call')[0]?.message.params.arguments.text.length).toBe(bytes);
    }),
  );

  it(verifies(['FLOW-LARGE', 'FLOW-IN-FLIGHT'], 'may be much in flight at once'), () => {
    const waiting: (() => void)[] = [];
    const script: Script = {
      'tools/call': (received, response) => {
        waiting.push(() => json(response, answer(received, String(received.message.id))));
        if (waiting.length === 64) for (const release of waiting) release();
      },
    };
    return withBackend(script, async (client) => {
      const text = 'x'.repeat(256 * 1024);
      const ids = Array.from({ length: 64 }, (_, id) => id);
      const given = await Promise.all(ids.map((id) => client.call('go', { text }, id)));
      expect(given.map(({ result }) => result.content[0].text)).toEqual(ids.map(String));
    });
  });
});
