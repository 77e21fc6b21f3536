import { describe, expect, it } from 'vitest';
import { verifies } from '../requirements.ts';
import { type BackendKind, FlowScene, flowsTasks, flowsV2 } from '../resources/flow-scene.ts';
import { decisionFor, decisions, eventually, outcomeOf } from '../resources/journal.ts';
import { LineClient } from '../resources/line-client.ts';
import { type StatelessClient, statelessClient } from '../resources/stateless-client.ts';

const revision = '2026-07-28';
const kinds: readonly BackendKind[] = ['stdio', 'http'];
const accepted = { form: { action: 'accept', content: { name: 'Ada' } } };
const noElicitation = `version: 1
rules:
  - id: everything
    effect: allow
    when: { mcp_method: "*" }
  - id: no-elicitation
    effect: deny
    when: { mcp_method: elicitation/create }
`;
const onlyTools =
  'version: 1\nrules:\n  - id: tools\n    effect: allow\n    when: { mcp_method: tools/call }\n';

interface Play {
  readonly scene: FlowScene;
  readonly client: LineClient;
  readonly stateless: StatelessClient;
}

async function play(
  settings: Parameters<typeof FlowScene.open>[0] & { readonly capabilities?: object },
  scenes: (play: Play) => Promise<void>,
): Promise<void> {
  await using scene = await FlowScene.open(settings);
  const [command, ...args] = scene.near;
  {
    await using client = new LineClient({ command, args, env: scene.env, cwd: scene.base });
    const stateless = statelessClient(client, settings.capabilities ?? { elicitation: { form: {} } });
    await scenes({ scene, client, stateless });
    await client.end();
  }
  await scene.expectValid(revision);
}

const deploy = (target: string, more: object = {}): object => ({
  name: 'deploy',
  arguments: { target },
  ...more,
});

describe.each(kinds)('rounds of one call over %s', (kind) => {
  it(verifies('INPUT-ROUNDS', 'round 2 continues round 1 if its arguments are the same, once'), () =>
    play({ server: flowsV2, kind }, async ({ scene, stateless }) => {
      const first = await stateless.request('tools/call', deploy('here'), 'one');
      const { requestState } = first.result;
      expect(requestState).toBe('state of here');
      const more = { requestState, inputResponses: accepted };
      const second = await stateless.request('tools/call', deploy('here', more), 'two');
      expect(second.result.content[0].text).toBe('Ada deploys to here with state of here');
      const again = await stateless.request('tools/call', deploy('here', more), 'again');
      expect(again.result.resultType).toBe('complete');
      const [one, two, replayed] = ['"one"', '"two"', '"again"'].map((id) => decisionFor(scene, 'p', id));
      expect(one).toMatchObject({ disposition: 'forwarded', tool: 'deploy' });
      expect(outcomeOf(scene, 'p', one)).toMatchObject({ status: 'input_required' });
      expect(two?.continues).toBe(one?.seq);
      // The state was used: whoever sends it again makes a call of its own.
      expect([one?.continues, replayed?.continues]).toEqual([undefined, undefined]);
      // Each round is decided by itself: nothing rides on the decision about the first.
      expect([two?.effect, two?.decidedBy]).toEqual(['allow', 'everything']);
    }),
  );

  it(verifies('INPUT-ROUNDS', 'a changed argument on the retry makes it a new call'), () =>
    play({ server: flowsV2, kind }, async ({ scene, stateless }) => {
      const first = await stateless.request('tools/call', deploy('here'), 'one');
      const more = { requestState: first.result.requestState, inputResponses: accepted };
      const changed = await stateless.request('tools/call', deploy('there', more), 'changed');
      expect(changed.result.content[0].text).toBe('Ada deploys to there with state of here');
      expect(decisionFor(scene, 'p', '"changed"')).toMatchObject({
        disposition: 'forwarded',
        tool: 'deploy',
      });
      expect(decisionFor(scene, 'p', '"changed"')?.continues).toBeUndefined();
    }),
  );

  it(verifies(['INPUT-ROUNDS', 'INPUT-REQUEST-WITHHELD'], 'a denied member withholds the result'), () =>
    play({ server: flowsV2, kind, policy: noElicitation }, async ({ scene, client, stateless }) => {
      const first = await stateless.request('tools/call', deploy('here'), 'one');
      expect(first.result).toMatchObject({
        resultType: 'complete',
        isError: true,
        structuredContent: { code: 'input_request_denied' },
      });
      expect(Buffer.concat(client.lines).toString('utf8')).not.toContain('state of here');
      const decision = decisionFor(scene, 'p', '"one"');
      expect(outcomeOf(scene, 'p', decision)).toMatchObject({ status: 'withheld' });
      expect(decisions(scene, 'p').find(({ method }) => method === 'elicitation/create')).toMatchObject({
        from: 'server',
        disposition: 'denied',
        decidedBy: 'no-elicitation',
        continues: decision?.seq,
      });
    }),
  );

  it(verifies('FLOW-LISTEN', 'listening to a resource needs the policy’s leave, to lists it does not'), () =>
    play({ server: flowsV2, kind, policy: onlyTools }, async ({ client, stateless }) => {
      const notifications = { resourceSubscriptions: ['memo://one'] };
      const refused = await stateless.request('subscriptions/listen', { notifications }, 'listen');
      expect(refused.error).toMatchObject({ data: { code: 'policy_denied' } });
      await stateless.send('lists', 'subscriptions/listen', { notifications: { toolsListChanged: true } });
      const told = await client.until('the acknowledgement', () =>
        client.messages.find(({ method }) => method === 'notifications/subscriptions/acknowledged'),
      );
      expect(told.params._meta['io.modelcontextprotocol/subscriptionId']).toBe('lists');
    }),
  );
});

const tasks = { extensions: { 'io.modelcontextprotocol/tasks': {} }, elicitation: { form: {} } };

describe.each(kinds)('the tasks extension over %s', (kind) => {
  it(verifies('FLOW-TASKS', 'a task that asks, is answered, and is done; another that is cancelled'), () =>
    play({ server: flowsTasks, kind, capabilities: tasks }, async ({ scene, client, stateless }) => {
      const started = await stateless.request('tools/call', { name: 'asks', arguments: {} }, 'call');
      expect(started.result).toMatchObject({ resultType: 'task', status: 'working', taskId: 'task 1' });
      const { taskId } = started.result;
      await stateless.send('listen', 'subscriptions/listen', { notifications: { taskIds: [taskId] } });
      const statuses = (): readonly unknown[] =>
        client.messages
          .filter(({ method }) => method === 'notifications/tasks')
          .map(({ params }) => params.status);
      await client.until('the first status', () => (statuses().length === 1 ? true : undefined));
      const asking = await stateless.request('tasks/get', { taskId }, 'get');
      expect(asking.result).toMatchObject({ status: 'input_required', inputRequests: { name: {} } });
      const inputResponses = { name: { action: 'accept', content: { name: 'Ada' } } };
      const update = await stateless.request('tasks/update', { taskId, inputResponses }, 'update');
      expect(update.result).toEqual({ resultType: 'complete' });
      const finished = await stateless.request('tasks/get', { taskId }, 'done');
      expect(finished.result).toMatchObject({
        status: 'completed',
        result: { content: [{ text: 'Hello, Ada' }] },
      });
      await client.until('the last status', () => (statuses().includes('completed') ? true : undefined));
      expect(statuses()).toEqual(['input_required', 'completed']);
      // Looking after one's task is discovery; what the task asks of the client is judged as if it asked by itself.
      for (const id of ['"get"', '"update"', '"done"']) {
        expect(decisionFor(scene, 'p', id)).toMatchObject({ class: 'discovery', disposition: 'forwarded' });
      }
      expect(decisions(scene, 'p').filter(({ method }) => method === 'elicitation/create')).not.toEqual([]);
      const second = await stateless.request('tools/call', { name: 'works', arguments: {} });
      const other = { taskId: second.result.taskId };
      expect((await stateless.request('tasks/cancel', other)).result).toEqual({ resultType: 'complete' });
      expect((await stateless.request('tasks/get', other)).result.status).toBe('cancelled');
      expect((await stateless.request('tasks/get', { taskId: 'nobody’s' })).error?.code).toBe(-32602);
    }),
  );

  it(verifies('FLOW-TASKS', 'a client without the extension is told what it lacks'), () =>
    play({ server: flowsTasks, kind }, async ({ stateless }) => {
      const refused = await stateless.request('tools/call', { name: 'works', arguments: {} });
      expect(refused.error).toMatchObject({
        code: -32021,
        data: { requiredCapabilities: tasks.extensions && {} },
      });
    }),
  );

  it(
    verifies(
      ['FLOW-TASKS', 'INPUT-REQUEST-WITHHELD'],
      'a task cannot ask what the policy denies, polled or told',
    ),
    () =>
      play(
        { server: flowsTasks, kind, capabilities: tasks, policy: noElicitation },
        async ({ scene, client, stateless }) => {
          const started = await stateless.request('tools/call', { name: 'asks', arguments: {} }, 'call');
          const { taskId } = started.result;
          const polled = await stateless.request('tasks/get', { taskId }, 'get');
          expect(polled.error).toMatchObject({ data: { code: 'input_request_denied' } });
          const outcome = outcomeOf(scene, 'p', decisionFor(scene, 'p', '"get"'));
          expect(outcome).toMatchObject({ status: 'withheld', reason: 'input_request_denied' });
          await stateless.send('listen', 'subscriptions/listen', { notifications: { taskIds: [taskId] } });
          await client.until('the acknowledgement', () =>
            client.messages.find(({ method }) => method === 'notifications/subscriptions/acknowledged'),
          );
          await eventually(
            'the decision about what was told',
            () => decisions(scene, 'p').filter(({ method }) => method === 'elicitation/create').length === 2,
          );
          expect(Buffer.concat(client.lines).toString('utf8')).not.toContain('Who are you?');
        },
      ),
  );
});
