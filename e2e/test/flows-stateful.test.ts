import {
  CreateMessageRequestSchema,
  ElicitationCompleteNotificationSchema,
  ElicitRequestSchema,
  ErrorCode,
  ListRootsRequestSchema,
  LoggingMessageNotificationSchema,
  PromptListChangedNotificationSchema,
  ResourceListChangedNotificationSchema,
  ResourceUpdatedNotificationSchema,
  ToolListChangedNotificationSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifies } from '../requirements.ts';
import { type BackendKind, FlowScene, flowsV1 } from '../resources/flow-scene.ts';
import { decisions, eventually, outcomeOf, outcomes } from '../resources/journal.ts';
import { type V1Agent, v1Agent } from '../resources/v1-agent.ts';

const kinds: readonly BackendKind[] = ['stdio', 'http', 'sse'];
const capabilities = {
  sampling: {},
  elicitation: { form: {}, url: {} },
  roots: { listChanged: true },
};

describe.each(kinds)('a v1 client and a v1 server over %s', (kind) => {
  let scene: FlowScene;
  let agent: V1Agent;
  const told: { readonly method: string; readonly params?: unknown }[] = [];
  const toldOf = (method: string): readonly unknown[] =>
    told.filter((one) => one.method === method).map(({ params }) => params);
  const call = async (name: string, args: Record<string, unknown> = {}): Promise<string> => {
    const { content } = await agent.client.callTool({ name, arguments: args });
    return (content as [{ text: string }])[0].text;
  };
  const decisionsOn = (method: string) => decisions(scene, 'p').filter((record) => record.method === method);

  beforeAll(async () => {
    scene = await FlowScene.open({ server: flowsV1, kind });
    agent = await v1Agent(scene.near, scene.env, capabilities);
    // What a server says aside of any call is lost for whoever does not listen yet.
    if (kind === 'http') {
      await eventually('the GET stream', () =>
        scene.tap?.requests.some(({ method, status }) => method === 'GET' && status === 200),
      );
    }
    for (const schema of [
      ElicitationCompleteNotificationSchema,
      LoggingMessageNotificationSchema,
      PromptListChangedNotificationSchema,
      ResourceListChangedNotificationSchema,
      ResourceUpdatedNotificationSchema,
      ToolListChangedNotificationSchema,
    ]) {
      agent.client.setNotificationHandler(schema, (notification) => {
        told.push(notification);
      });
    }
  });
  afterAll(async () => {
    await agent[Symbol.asyncDispose]();
    await scene[Symbol.asyncDispose]();
  });

  for (const aside of [false, true]) {
    it(
      verifies(
        ['FLOW-SAMPLING', 'FLOW-PROGRESS'],
        `sampling ${aside ? 'aside of any call' : 'within a call'}, with progress from the client`,
      ),
      async () => {
        agent.client.setRequestHandler(CreateMessageRequestSchema, async ({ params }, extra) => {
          const progressToken = params._meta?.progressToken ?? 'none';
          for (const progress of [1, 2]) {
            await extra.sendNotification({
              method: 'notifications/progress',
              params: { progressToken, progress },
            });
          }
          return { model: 'none', role: 'assistant', content: { type: 'text', text: 'naïve 漢字' } };
        });
        expect(await call('ask_model', { aside })).toBe('naïve 漢字');
        const asked = decisionsOn('sampling/createMessage').at(-1);
        expect(asked).toMatchObject({ from: 'server', class: 'access', disposition: 'forwarded' });
        expect(outcomeOf(scene, 'p', asked)).toMatchObject({ status: 'ok', progress: 2 });
      },
    );
  }

  it(verifies('FLOW-ELICITATION', 'elicitation by form: accepted, declined, cancelled'), async () => {
    for (const answer of [
      { action: 'accept', content: { name: 'Ada', colour: 'r' } },
      { action: 'decline' },
      { action: 'cancel' },
    ] as const) {
      agent.client.setRequestHandler(ElicitRequestSchema, ({ params }) => {
        expect(params).toMatchObject({ mode: 'form', requestedSchema: { required: ['name'] } });
        return answer;
      });
      expect(JSON.parse(await call('ask_form'))).toEqual(answer);
    }
    expect(decisionsOn('elicitation/create')).toHaveLength(3);
  });

  it(
    verifies('FLOW-ELICITATION', 'elicitation by URL, its completion, and the error that demands it'),
    async () => {
      agent.client.setRequestHandler(ElicitRequestSchema, ({ params }) => {
        expect(params).toMatchObject({ mode: 'url', url: 'https://example.test/sign-in?a=1' });
        return { action: 'accept' };
      });
      expect(await call('ask_url')).toBe('accept');
      expect(toldOf('notifications/elicitation/complete')).toEqual([{ elicitationId: 'el-1' }]);
      await expect(call('needs_url')).rejects.toMatchObject({
        code: ErrorCode.UrlElicitationRequired,
        data: { elicitations: [{ elicitationId: 'el-2', url: 'https://example.test/first' }] },
      });
    },
  );

  it(verifies('FLOW-ROOTS', 'roots, and that they changed'), async () => {
    const roots = [{ uri: 'file:///roots/a', name: 'a' }, { uri: 'file:///roots/b' }];
    agent.client.setRequestHandler(ListRootsRequestSchema, () => ({ roots }));
    expect(JSON.parse(await call('list_roots'))).toEqual(roots);
    await agent.client.sendRootsListChanged();
    const changed = async (): Promise<boolean> => JSON.parse(await call('counts')).rootsChanged === 1;
    while (!(await changed()));
  });

  it(verifies('FLOW-LOGGING', 'log messages from the level the client asked for'), async () => {
    await agent.client.setLoggingLevel('warning');
    await call('log');
    await eventually('both messages', () => toldOf('notifications/message').length === 2);
    expect(toldOf('notifications/message')).toEqual([
      { level: 'warning', logger: 'flows', data: { said: 'warning' } },
      { level: 'error', logger: 'flows', data: { said: 'error' } },
    ]);
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
      expect(ofTemplate.completion).toMatchObject({ values: ['alpha', 'alps'], hasMore: false });
    },
  );

  it(verifies('FLOW-RESOURCE-UPDATES', 'a subscription, its updates, and its end'), async () => {
    const uri = 'memo://one';
    expect(await call('touch', { uri })).toBe('nobody listens');
    await agent.client.subscribeResource({ uri });
    expect(await call('touch', { uri })).toBe('told');
    await eventually('the update', () => toldOf('notifications/resources/updated').length > 0);
    expect(toldOf('notifications/resources/updated')).toEqual([{ uri }]);
    await agent.client.unsubscribeResource({ uri });
    expect(await call('touch', { uri })).toBe('nobody listens');
    expect(decisionsOn('resources/subscribe')).toMatchObject([{ class: 'access', resource: uri }]);
  });

  it(verifies('FLOW-LIST-CHANGED', 'changed lists of tools, prompts and resources'), async () => {
    const name = await call('grow');
    for (const what of ['tools', 'prompts', 'resources']) {
      await eventually(`${what} changed`, () => toldOf(`notifications/${what}/list_changed`).length > 0);
    }
    expect((await agent.client.listTools()).tools.map((tool) => tool.name)).toContain(name);
    expect((await agent.client.listPrompts()).prompts.map((prompt) => prompt.name)).toContain(name);
    expect((await agent.client.listResources()).resources.map((resource) => resource.name)).toContain(name);
    expect(await call(name)).toBe(name);
  });

  it(verifies('FLOW-PROGRESS', 'progress of a call, counted in its outcome'), async () => {
    const before = agent.seen.length;
    const result = await agent.client.callTool({ name: 'steps', arguments: { count: 20 } }, undefined, {
      onprogress: () => {},
    });
    expect(result.content).toEqual([{ type: 'text', text: '20 steps' }]);
    const steps = agent.seen
      .slice(before)
      .flatMap((message) => ('method' in message && message.params !== undefined ? [message.params] : []));
    expect(steps).toEqual(
      Array.from({ length: 20 }, (_, at) => ({
        progressToken: steps[0]?.progressToken,
        progress: at + 1,
        total: 20,
        message: `step ${at + 1}`,
      })),
    );
    const decision = decisions(scene, 'p').findLast(({ tool }) => tool === 'steps');
    expect(outcomeOf(scene, 'p', decision)).toMatchObject({ status: 'ok', progress: 20 });
  });

  it(verifies('FLOW-CANCELLATION', 'a call that the client cancels'), async () => {
    const control = new AbortController();
    const waiting = agent.client.callTool({ name: 'wait', arguments: {} }, undefined, {
      signal: control.signal,
      // Its first progress shows that it runs.
      onprogress: () => control.abort('no longer needed'),
    });
    await expect(waiting).rejects.toThrow('no longer needed');
    const cancelled = async (): Promise<boolean> => JSON.parse(await call('counts')).cancelled === 1;
    while (!(await cancelled()));
  });

  it(verifies('FLOW-CANCELLATION', 'a request to the client that the server cancels'), async () => {
    const withdrawn = new Promise<void>((resolve) => {
      agent.client.setRequestHandler(CreateMessageRequestSchema, async ({ params }, extra) => {
        const progressToken = params._meta?.progressToken ?? 'none';
        const ended = new Promise((end) => extra.signal.addEventListener('abort', end));
        await extra.sendNotification({
          method: 'notifications/progress',
          params: { progressToken, progress: 1 },
        });
        await ended;
        resolve();
        return { model: 'none', role: 'assistant', content: { type: 'text', text: 'too late' } };
      });
    });
    expect(await call('ask_and_withdraw')).toBe('withdrawn');
    await withdrawn;
  });

  it(verifies('FLOW-CONTENT', 'structured content, images, audio, resources and links'), async () => {
    await agent.client.listTools();
    const structured = await agent.client.callTool({ name: 'structured', arguments: {} });
    expect(structured.structuredContent).toEqual({
      celsius: 21.5,
      tags: ['a', 'b'],
      nested: { big: 9007199254740991, nothing: null },
    });
    const { content, _meta } = await agent.client.callTool({ name: 'media', arguments: {} });
    expect((content as { type: string }[]).map(({ type }) => type)).toEqual([
      'image',
      'audio',
      'resource',
      'resource',
      'resource_link',
    ]);
    expect(_meta).toEqual({ 'example.test/extra': { kept: true } });
    const read = await agent.client.readResource({ uri: 'memo://one' });
    expect(read.contents).toMatchObject([{ text: 'a memo' }, { mimeType: 'image/png' }]);
    const prompt = await agent.client.getPrompt({
      name: 'visit',
      arguments: { city: 'Paris', country: 'x' },
    });
    expect(prompt.messages.map(({ content: part }) => part.type)).toEqual(['text', 'image']);
    expect((await agent.client.callTool({ name: 'fail', arguments: {} })).isError).toBe(true);
  });

  it(verifies('FLOW-THOUSAND-TOOLS', '1,000 tools in one list'), async () => {
    const { tools } = await agent.client.listTools();
    const fillers = tools.filter(({ name }) => name.startsWith('filler_'));
    expect(fillers).toHaveLength(1000);
    expect(await call('filler_0999')).toBe('filler_0999');
  });

  it(verifies('FLOW-TASKS', 'a task: created, polled, its result, its status, its list'), async () => {
    const seen: string[] = [];
    const stream = agent.client.experimental.tasks.callToolStream(
      { name: 'task', arguments: {} },
      undefined,
      { task: { ttl: 60_000 } },
    );
    let taskId = '';
    for await (const message of stream) {
      seen.push(message.type);
      if (message.type === 'taskCreated') taskId = message.task.taskId;
      if (message.type === 'result')
        expect(message.result.content).toEqual([{ type: 'text', text: 'task done' }]);
      if (message.type === 'error') throw message.error;
    }
    expect([seen[0], seen.at(-1)]).toEqual(['taskCreated', 'result']);
    const { tasks } = await agent.client.experimental.tasks.listTasks();
    expect(tasks).toMatchObject([{ taskId, status: 'completed' }]);
    for (const method of ['tasks/get', 'tasks/result', 'tasks/list']) {
      expect(decisionsOn(method)[0]).toMatchObject({ class: 'discovery', disposition: 'forwarded' });
    }
  });

  it(verifies('FLOW-TASKS', 'a task that is cancelled'), async () => {
    const stream = agent.client.experimental.tasks.callToolStream(
      { name: 'task', arguments: { endless: true } },
      undefined,
      { task: { ttl: 60_000 } },
    );
    const first = await stream.next();
    if (first.done === true || first.value.type !== 'taskCreated') throw new Error('no task was created');
    const { taskId } = first.value.task;
    const cancelled = await agent.client.experimental.tasks.cancelTask(taskId);
    expect(cancelled.status).toBe('cancelled');
    expect((await agent.client.experimental.tasks.getTask(taskId)).status).toBe('cancelled');
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
    await eventually('both outcomes', () => cancelled().length === 2);
    expect(cancelled().map(({ method }) => method)).toEqual(['tools/call', 'sampling/createMessage']);
  });

  it(
    verifies(['FLOW-BYTES', 'SDK-JUDGED'], 'all of it byte for byte, and as the official SDK has it'),
    async () => {
      await agent.client.close();
      await scene.expectTransparent('2025-11-25');
    },
  );
});
