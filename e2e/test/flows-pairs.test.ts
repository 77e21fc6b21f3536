import { describe, expect, it } from 'vitest';
import { verifies } from '../requirements.ts';
import { type BackendKind, FlowScene, type FlowServer, flowsV1, flowsV2 } from '../resources/flow-scene.ts';
import { records } from '../resources/journal.ts';
import { v1Agent } from '../resources/v1-agent.ts';
import { v2Agent } from '../resources/v2-agent.ts';

const echo = { name: 'echo', arguments: { message: 'naïve 漢字 🚀' } };
const said = [{ type: 'text', text: 'naïve 漢字 🚀' }];
const steps = { name: 'steps', arguments: { count: 3 } };

const revisions = (scene: FlowScene): readonly unknown[] =>
  records(scene, 'p').flatMap((record) =>
    record.type === 'session' && record.event === 'identified' ? [record.revision] : [],
  );

/** Which server a client that knows both eras meets, and what they agree on. */
const auto: readonly [name: string, kind: BackendKind, revision: string, server: FlowServer][] = [
  ['v1', 'http', '2025-11-25', flowsV1],
  ['v1', 'sse', '2025-11-25', flowsV1],
  ['v2', 'http', '2026-07-28', flowsV2],
];

describe('pairs over HTTP', () => {
  it.each(auto)(
    verifies(['BOTH-ERAS', 'FLOW-BYTES', 'SDK-JUDGED'], 'a v2 client on auto, a %s server over %s: %s'),
    async (_, kind, revision, server) => {
      await using scene = await FlowScene.open({ server, kind });
      {
        await using agent = await v2Agent(scene.near, scene.env, 'auto');
        expect(agent.client.getNegotiatedProtocolVersion()).toBe(revision);
        expect((await agent.client.callTool(echo)).content).toEqual(said);
        await agent.client.callTool(steps, { onprogress: () => {} });
        const seen = agent.seen.filter(
          (message) => 'method' in message && message.method.endsWith('progress'),
        );
        expect(seen).toHaveLength(3);
      }
      expect(revisions(scene)).toContain(revision);
      await scene.expectTransparent(revision);
    },
  );

  it(
    verifies(['BOTH-ERAS', 'FLOW-BYTES', 'SDK-JUDGED'], 'a v1 client, a v2 server that serves both eras'),
    async () => {
      await using scene = await FlowScene.open({ server: flowsV2, kind: 'http' });
      {
        await using agent = await v1Agent(scene.near, scene.env);
        expect(agent.revision()).toBe('2025-11-25');
        expect((await agent.client.callTool(echo)).content).toEqual(said);
        await agent.client.callTool(steps, undefined, { onprogress: () => {} });
        const seen = agent.seen.filter(
          (message) => 'method' in message && message.method.endsWith('progress'),
        );
        expect(seen).toHaveLength(3);
      }
      expect(revisions(scene)).toEqual(['2025-11-25']);
      await scene.expectTransparent('2025-11-25');
    },
  );
});
