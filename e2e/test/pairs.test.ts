import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { verifies } from '../requirements.ts';
import { type Command, everythingServer, tapped, v2Server } from '../resources/fixtures.ts';
import { eventually, records } from '../resources/journal.ts';
import { TempHome } from '../resources/temp-home.ts';
import { v1Agent } from '../resources/v1-agent.ts';
import { v2Agent } from '../resources/v2-agent.ts';
import { expectByteEqual, messagesIn, type TappedInstance, tappedInstances } from '../resources/wire-taps.ts';

/** What both lines of the SDK offer, as far as these flows need it. */
interface Agent {
  listTools(): Promise<{ tools: readonly { name: string }[] }>;
  callTool(params: { name: string; arguments: Record<string, unknown> }): Promise<unknown>;
}

class TappedProxy extends TempHome {
  readonly taps: string;
  readonly near: Command;

  constructor(backend: Command) {
    super();
    this.taps = join(this.base, 'taps');
    mkdirSync(this.taps);
    this.addProxy('p', { backend: tapped(this.taps, 'far', backend) });
    this.near = tapped(this.taps, 'near', this.startCommand('p'));
  }

  /** All instances, once every process has ended and the taps are complete. */
  async instances(count: number): Promise<readonly TappedInstance[]> {
    const closed = (): boolean =>
      records(this, 'p').filter((record) => record.type === 'session' && record.event === 'closed').length ===
      count;
    await eventually('the end of every instance', closed);
    return eventually('both ends of every instance', () => {
      const found = tappedInstances(this.taps);
      return found.length === count && found;
    });
  }

  revisions(): readonly (string | undefined)[] {
    return records(this, 'p').flatMap((record) =>
      record.type === 'session' && record.event === 'identified' ? [record.revision] : [],
    );
  }
}

const names = async (agent: Agent): Promise<readonly string[]> =>
  (await agent.listTools()).tools.map(({ name }) => name);
const sent = (instance: TappedInstance, method: string) =>
  messagesIn(instance.far.toServer).filter((message) => message.method === method);
const came = (instance: TappedInstance, method: string) =>
  messagesIn(instance.far.toClient).filter((message) => message.method === method);

async function expectCancelled(run: (signal: AbortSignal) => Promise<unknown>): Promise<void> {
  const control = new AbortController();
  const call = run(control.signal);
  setTimeout(() => control.abort(), 300);
  await expect(call).rejects.toThrow();
}

describe('the four pairs', () => {
  it(
    verifies(['PAIR-V1-EVERYTHING', 'WIRE-BYTES', 'NEVER-SPEAKS-FIRST'], 'v1 client, server-everything'),
    async () => {
      await using home = new TappedProxy(everythingServer);
      {
        await using agent = await v1Agent(home.near, home.env);
        expect(agent.revision()).toBe('2025-11-25');
        expect(await names(agent.client as unknown as Agent)).toContain('echo');
        const echoed = await agent.client.callTool({ name: 'echo', arguments: { message: 'naïve 漢字 🚀' } });
        expect(echoed.content).toEqual([{ type: 'text', text: 'Echo: naïve 漢字 🚀' }]);
        const steps: number[] = [];
        const long = { name: 'trigger-long-running-operation', arguments: { duration: 0.2, steps: 4 } };
        await agent.client.callTool(long, undefined, { onprogress: ({ progress }) => steps.push(progress) });
        expect(steps.slice(0, 3)).toEqual([1, 2, 3]);
        await expectCancelled((signal) =>
          agent.client.callTool({ ...long, arguments: { duration: 30, steps: 2 } }, undefined, { signal }),
        );
        const wrong = await agent.client.callTool({ name: 'echo', arguments: { message: 5 } });
        expect(wrong.isError).toBe(true);
        await expect(agent.client.readResource({ uri: 'nowhere://at/all' })).rejects.toMatchObject({
          code: -32602,
        });
      }
      const [instance] = await home.instances(1);
      if (instance === undefined) throw new Error('no instance was tapped');
      expectByteEqual(instance);
      expect(home.revisions()).toEqual(['2025-11-25']);
      expect(sent(instance, 'initialize')).toHaveLength(1);
      expect(sent(instance, 'notifications/cancelled')).toHaveLength(1);
      expect(came(instance, 'notifications/progress').length).toBeGreaterThanOrEqual(4);
    },
  );

  it(verifies(['PAIR-V1-V2', 'WIRE-BYTES'], 'v1 client, v2 server'), async () => {
    await using home = new TappedProxy(v2Server);
    {
      await using agent = await v1Agent(home.near, home.env);
      expect(agent.revision()).toBe('2025-11-25');
      expect(await names(agent.client as unknown as Agent)).toEqual([
        'echo',
        'progress',
        'slow',
        'fail',
        'ask_name',
      ]);
      const echoed = await agent.client.callTool({ name: 'echo', arguments: { message: 'hello' } });
      expect(echoed.content).toEqual([{ type: 'text', text: 'Echo: hello' }]);
      const steps: number[] = [];
      await agent.client.callTool({ name: 'progress', arguments: { steps: 3 } }, undefined, {
        onprogress: ({ progress }) => steps.push(progress),
      });
      expect(steps).toEqual([1, 2, 3]);
      await expectCancelled((signal) =>
        agent.client.callTool({ name: 'slow', arguments: {} }, undefined, { signal }),
      );
      expect(await agent.client.callTool({ name: 'fail', arguments: {} })).toMatchObject({ isError: true });
    }
    const [instance] = await home.instances(1);
    if (instance === undefined) throw new Error('no instance was tapped');
    expectByteEqual(instance);
    expect(home.revisions()).toEqual(['2025-11-25']);
    expect(sent(instance, 'notifications/cancelled')).toHaveLength(1);
  });

  it(
    verifies(['PAIR-PINNED-V2', 'BOTH-ERAS', 'WIRE-BYTES'], 'v2 client pinned to 2026-07-28, v2 server'),
    async () => {
      await using home = new TappedProxy(v2Server);
      {
        await using agent = await v2Agent(home.near, home.env, { pin: '2026-07-28' });
        const { client } = agent;
        expect(client.getNegotiatedProtocolVersion()).toBe('2026-07-28');
        expect(await names(client as unknown as Agent)).toContain('ask_name');
        const echoed = await client.callTool({ name: 'echo', arguments: { message: 'hello' } });
        expect(echoed.content).toEqual([{ type: 'text', text: 'Echo: hello' }]);
        const steps: number[] = [];
        await client.callTool(
          { name: 'progress', arguments: { steps: 3 } },
          { onprogress: ({ progress }) => steps.push(progress) },
        );
        expect(steps).toEqual([1, 2, 3]);
        await expectCancelled((signal) => client.callTool({ name: 'slow', arguments: {} }, { signal }));
        expect(await client.callTool({ name: 'fail', arguments: {} })).toMatchObject({ isError: true });
        await expect(client.callTool({ name: 'echo', arguments: {} })).resolves.toMatchObject({
          isError: true,
        });
        const named = await client.callTool({ name: 'ask_name', arguments: {} });
        expect(named.content).toEqual([{ type: 'text', text: 'Hello, Ada' }]);
      }
      const instances = await home.instances(2);
      for (const instance of instances) expectByteEqual(instance);
      const main = instances.find((instance) => sent(instance, 'tools/call').length > 0);
      if (main === undefined) throw new Error('no instance carried the calls');
      expect(sent(main, 'initialize')).toEqual([]);
      for (const message of sent(main, 'tools/call')) {
        expect(JSON.stringify(message)).toContain('"io.modelcontextprotocol/protocolVersion":"2026-07-28"');
      }
      expect(main.far.toServer.toString('utf8')).toContain('"requestState":"round-1"');
      expect(home.revisions()).toContain('2026-07-28');
    },
  );

  it(
    verifies(['PAIR-AUTO-EVERYTHING', 'BOTH-ERAS', 'WIRE-BYTES'], 'v2 client on auto, server-everything'),
    async () => {
      await using home = new TappedProxy(everythingServer);
      {
        await using agent = await v2Agent(home.near, home.env, 'auto');
        const { client } = agent;
        expect(client.getNegotiatedProtocolVersion()).toBe('2025-11-25');
        expect(await names(client as unknown as Agent)).toContain('echo');
        const echoed = await client.callTool({ name: 'echo', arguments: { message: 'hello' } });
        expect(echoed.content).toEqual([{ type: 'text', text: 'Echo: hello' }]);
        const steps: number[] = [];
        const long = { name: 'trigger-long-running-operation', arguments: { duration: 0.2, steps: 4 } };
        await client.callTool(long, { onprogress: ({ progress }) => steps.push(progress) });
        expect(steps.slice(0, 3)).toEqual([1, 2, 3]);
        await expectCancelled((signal) =>
          client.callTool({ ...long, arguments: { duration: 30, steps: 2 } }, { signal }),
        );
        expect(await client.callTool({ name: 'echo', arguments: { message: 5 } })).toMatchObject({
          isError: true,
        });
      }
      // On stdio the client probes a copy of the server first: two instances, the second of which it keeps.
      const instances = await home.instances(2);
      for (const instance of instances) expectByteEqual(instance);
      const probed = instances.filter((instance) => sent(instance, 'server/discover').length > 0);
      const kept = instances.filter((instance) => sent(instance, 'initialize').length > 0);
      expect([probed.length, kept.length]).toEqual([1, 1]);
      expect(home.revisions()).toContain('2025-11-25');
    },
  );
});
