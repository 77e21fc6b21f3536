import { describe, expect, it } from 'vitest';
import { verifies } from '../requirements.ts';
import { type BackendKind, FlowScene, flowsV1, flowsV2 } from '../resources/flow-scene.ts';
import { decisionFor, outcomeOf } from '../resources/journal.ts';
import { LineClient } from '../resources/line-client.ts';
import { statelessClient } from '../resources/stateless-client.ts';

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
