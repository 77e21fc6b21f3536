import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifies } from '../requirements.ts';
import { type BackendKind, FlowScene, flowsV2 } from '../resources/flow-scene.ts';
import { decisions, eventually, outcomeOf, outcomes } from '../resources/journal.ts';
import { type V2Agent, v2Agent } from '../resources/v2-agent.ts';

const revision = '2026-07-28';
const kinds: readonly BackendKind[] = ['stdio', 'http'];
const capabilities = { sampling: {}, elicitation: { form: {}, url: {} }, roots: {} };

describe.each(kinds)(`a v2 client pinned to ${revision} and a v2 server over %s`, (kind) => {
  let scene: FlowScene;
  let agent: V2Agent;
  const told: { readonly method: string; readonly params?: unknown }[] = [];
  const toldOf = (method: string): readonly unknown[] =>
    told.filter((one) => one.method === method).map(({ params }) => params);
  const call = async (name: string, args: Record<string, unknown> = {}): Promise<string> => {
    const { content } = await agent.client.callTool({ name, arguments: args });
    return (content as unknown as [{ text: string }])[0].text;
  };
  const decisionsOn = (method: string) => decisions(scene, 'p').filter((record) => record.method === method);

  beforeAll(async () => {
    scene = await FlowScene.open({ server: flowsV2, kind });
    agent = await v2Agent(scene.near, scene.env, { pin: revision }, capabilities);
    for (const method of [
      'notifications/message',
      'notifications/resources/updated',
      'notifications/resources/list_changed',
      'notifications/tools/list_changed',
      'notifications/prompts/list_changed',
    ] as const) {
      agent.client.setNotificationHandler(method, (notification) => {
        told.push(notification);
      });
    }
  });
  afterAll(async () => {
    await agent[Symbol.asyncDispose]();
    await scene[Symbol.asyncDispose]();
  });

  it(
    verifies(
      ['FLOW-SAMPLING', 'FLOW-ELICITATION', 'FLOW-ROOTS', 'INPUT-ROUNDS'],
      'three rounds that ask for a form, a URL, a model and roots',
    ),
    async () => {
      const roots = [{ uri: 'file:///roots/a', name: 'a' }];
      agent.client.setRequestHandler('elicitation/create', async ({ params }) =>
        params.mode === 'url' ? { action: 'accept' } : { action: 'accept', content: { name: 'Ada' } },
      );
      agent.client.setRequestHandler('sampling/createMessage', async () => ({
        model: 'none',
        role: 'assistant',
        content: { type: 'text', text: 'a word' },
      }));
      agent.client.setRequestHandler('roots/list', async () => ({ roots }));
      const first = 'round 1: "naïve" 漢字 \u0000 \u{1f680}';
      expect(JSON.parse(await call('ask_all'))).toEqual([
        `round 2: ${JSON.stringify([first, { name: 'Ada' }, 'accept'])}`,
        'a word',
        roots,
      ]);
      const rounds = decisions(scene, 'p').filter(({ tool }) => tool === 'ask_all');
      expect(rounds.map(({ continues }) => continues)).toEqual([undefined, rounds[0]?.seq, rounds[0]?.seq]);
      expect(rounds.map((round) => outcomeOf(scene, 'p', round)?.status)).toEqual([
        'input_required',
        'input_required',
        'ok',
      ]);
      const members = decisions(scene, 'p').filter(({ from }) => from === 'server');
      expect(members.map(({ method, continues }) => [method, continues])).toEqual([
        ['elicitation/create', rounds[0]?.seq],
        ['elicitation/create', rounds[0]?.seq],
        ['sampling/createMessage', rounds[1]?.seq],
        ['roots/list', rounds[1]?.seq],
      ]);
    },
  );

  it(verifies('FLOW-LOGGING', 'log messages from the level the call asks for'), async () => {
    await agent.client.callTool({
      name: 'log',
      arguments: {},
      _meta: { 'io.modelcontextprotocol/logLevel': 'warning' },
    });
    await eventually('both messages', () => toldOf('notifications/message').length === 2);
    expect(toldOf('notifications/message')).toMatchObject([
      { level: 'warning', logger: 'flows', data: { said: 'warning' } },
      { level: 'error', logger: 'flows', data: { said: 'error' } },
    ]);
    await call('log');
    expect(toldOf('notifications/message')).toHaveLength(2);
  });

  it(
    verifies('FLOW-COMPLETION', 'completions of a prompt’s argument, with context, and of a template'),
    async () => {
      const ofPrompt = await agent.client.complete({
        ref: { type: 'ref/prompt', name: 'visit' },
        argument: { name: 'city', value: 'U' },
        context: { arguments: { country: 'Utopia' } },
      });
      expect(ofPrompt.completion.values).toEqual(['Utopiaville']);
      const ofTemplate = await agent.client.complete({
        ref: { type: 'ref/resource', uri: 'item://{id}' },
        argument: { name: 'id', value: 'al' },
      });
      expect(ofTemplate.completion.values).toEqual(['alpha', 'alps']);
    },
  );

  it(
    verifies(
      ['FLOW-LISTEN', 'FLOW-RESOURCE-UPDATES', 'FLOW-LIST-CHANGED'],
      'a listener is told of changed lists and resources until it closes',
    ),
    async () => {
      const uri = 'memo://one';
      const listener = await agent.client.listen({
        toolsListChanged: true,
        promptsListChanged: true,
        resourcesListChanged: true,
        resourceSubscriptions: [uri],
      });
      expect(listener.honoredFilter).toMatchObject({ toolsListChanged: true, resourceSubscriptions: [uri] });
      await call('touch', { uri: 'memo://other' });
      await call('touch', { uri });
      await eventually('the update', () => toldOf('notifications/resources/updated').length > 0);
      expect(toldOf('notifications/resources/updated')).toMatchObject([{ uri }]);
      const name = await call('grow');
      for (const what of ['tools', 'prompts', 'resources']) {
        await eventually(`${what} changed`, () => toldOf(`notifications/${what}/list_changed`).length > 0);
      }
      const { tools } = await agent.client.listTools(undefined, { cacheMode: 'bypass' });
      expect(tools.map((tool) => tool.name)).toContain(name);
      await listener.close();
      expect(await listener.closed).toBe('local');
      await call('touch', { uri });
      await call('echo', { message: 'after' });
      expect(toldOf('notifications/resources/updated')).toHaveLength(1);
      expect(decisionsOn('subscriptions/listen')).toMatchObject([
        { class: 'access', disposition: 'forwarded' },
      ]);
    },
  );

  it(verifies('FLOW-LISTEN', 'one that names no resource only looks around'), async () => {
    const listener = await agent.client.listen({ toolsListChanged: true });
    expect(decisionsOn('subscriptions/listen').at(-1)).toMatchObject({ class: 'discovery' });
    await listener.close();
  });

  it(verifies('FLOW-PROGRESS', 'progress of a call, counted in its outcome'), async () => {
    const before = agent.seen.length;
    const { content } = await agent.client.callTool(
      { name: 'steps', arguments: { count: 20 } },
      { onprogress: () => {} },
    );
    expect(content).toEqual([{ type: 'text', text: '20 steps' }]);
    const steps = agent.seen
      .slice(before)
      .flatMap((message) => ('method' in message && message.params !== undefined ? [message.params] : []));
    expect(steps.map(({ progress, message }) => [progress, message])).toEqual(
      Array.from({ length: 20 }, (_, at) => [at + 1, `step ${at + 1}`]),
    );
    const decision = decisions(scene, 'p').findLast(({ tool }) => tool === 'steps');
    expect(outcomeOf(scene, 'p', decision)).toMatchObject({ status: 'ok', progress: 20 });
  });

  it(verifies('FLOW-CANCELLATION', 'a call that the client cancels'), async () => {
    const control = new AbortController();
    const waiting = agent.client.callTool(
      { name: 'wait', arguments: {} },
      // Its first progress shows that it runs.
      { signal: control.signal, onprogress: () => control.abort('no longer needed') },
    );
    await expect(waiting).rejects.toThrow('no longer needed');
    const cancelled = async (): Promise<boolean> => JSON.parse(await call('counts')).cancelled === 1;
    while (!(await cancelled()));
  });

  it(
    verifies('FLOW-CONTENT', 'structured content of any kind, images, audio, resources and links'),
    async () => {
      const structured = await agent.client.callTool({ name: 'structured', arguments: {} });
      expect(structured.structuredContent).toEqual([1, 'two', null]);
      const { content, _meta } = await agent.client.callTool({ name: 'media', arguments: {} });
      expect(content.map(({ type }) => type)).toEqual([
        'image',
        'audio',
        'resource',
        'resource',
        'resource_link',
      ]);
      expect(_meta).toMatchObject({ 'example.test/extra': { kept: true } });
      const read = await agent.client.readResource({ uri: 'memo://one' });
      expect(read.contents).toMatchObject([{ text: 'a memo' }, { mimeType: 'image/png' }]);
      const prompt = await agent.client.getPrompt({
        name: 'visit',
        arguments: { city: 'Paris', country: 'x' },
      });
      expect(prompt.messages.map(({ content: part }) => part.type)).toEqual(['text', 'image']);
      expect((await agent.client.callTool({ name: 'fail', arguments: {} })).isError).toBe(true);
      expect(await call('regional', { region: 'eu-west 1/ä', note: 'kept' })).toBe('eu-west 1/ä');
    },
  );

  it(verifies('FLOW-THOUSAND-TOOLS', '1,000 tools in one list'), async () => {
    const { tools } = await agent.client.listTools(undefined, { cacheMode: 'bypass' });
    expect(tools.filter(({ name }) => name.startsWith('filler_'))).toHaveLength(1000);
    expect(await call('filler_0999')).toBe('filler_0999');
  });

  it(verifies('FLOW-IN-FLIGHT', '64 calls in flight at once'), async () => {
    const of = 64;
    const answers = await Promise.all(
      Array.from({ length: of }, (_, index) => call('together', { of, index })),
    );
    expect(answers).toEqual(Array.from({ length: of }, (_, index) => `together ${index}`));
  });

  it(verifies('FLOW-CANCELLATION', 'what was cancelled is recorded as such'), async () => {
    await agent.client.close();
    const cancelled = () => outcomes(scene, 'p').filter(({ status }) => status === 'cancelled');
    await eventually('the outcomes', () => cancelled().length === 3);
    expect(
      cancelled()
        .map(({ method }) => method)
        .sort(),
    ).toEqual(['subscriptions/listen', 'subscriptions/listen', 'tools/call']);
  });

  it(
    verifies(['FLOW-BYTES', 'SDK-JUDGED'], 'all of it byte for byte, and as the official SDK has it'),
    async () => {
      await agent.client.close();
      await scene.expectTransparent(revision);
    },
  );
});
