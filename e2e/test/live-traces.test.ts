import { expect, it } from 'vitest';
import { verifies } from '../requirements.ts';
import { plainServer } from '../resources/fixtures.ts';
import { decisions, eventually } from '../resources/journal.ts';
import { LineClient } from '../resources/line-client.ts';
import { clientKind, OtlpReceiver, serverKind } from '../resources/otlp-receiver.ts';
import { TempHome } from '../resources/temp-home.ts';

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const parentId = '00f067aa0ba902b7';
const canary = 'canary-of-an-argument';

const policy =
  'version: 1\nrules:\n  - { id: all, effect: allow, when: { mcp_method: "*" } }\n  - { id: no-add, effect: deny, when: { tool_name: add } }\n';

/** A client of a proxy whose environment says more. */
function startWith(home: TempHome, env: Readonly<Record<string, string>>): LineClient {
  const [command, ...args] = home.startCommand('p');
  return new LineClient({ command, args, env: { ...home.env, OTEL_BSP_SCHEDULE_DELAY: '50', ...env } });
}

it(
  verifies(
    'TRACES-JOINED',
    'a call is traced by the conventions for MCP, in the client’s trace, with no argument and nothing injected',
  ),
  async () => {
    await using receiver = await OtlpReceiver.open();
    await using home = new TempHome();
    home.addProxy('p', { backend: plainServer(), policy });
    await using client = startWith(home, { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url });
    await client.initialize();
    const _meta = { traceparent: `00-${traceId}-${parentId}-01` };
    const called = await client.request(
      'tools/call',
      { name: 'echo', arguments: { message: canary }, _meta },
      'joined',
    );
    expect(called.result.content[0].text).toBe(`echo: ${canary}`);
    await client.request('tools/call', { name: 'add', arguments: { a: 1, b: 2 } }, 'refused');
    await eventually('the spans', () => receiver.spans.some(({ name }) => name === 'tools/call add'));
    await client.end();
    await eventually('the first one', () => receiver.spans.some(({ name }) => name === 'initialize'));

    expect(new Set(receiver.paths)).toEqual(new Set(['/v1/traces']));
    const [server, ...otherServers] = receiver.spans.filter(
      ({ name, kind }) => name === 'tools/call echo' && kind === serverKind,
    );
    const [asked] = receiver.spans.filter(
      ({ name, kind }) => name === 'tools/call echo' && kind === clientKind,
    );
    expect(otherServers).toEqual([]);
    expect(server).toMatchObject({ traceId, parentSpanId: parentId, status: 0 });
    expect(asked).toMatchObject({ traceId, parentSpanId: server?.spanId });
    const decision = decisions(home, 'p').find(({ requestId }) => requestId === '"joined"');
    expect(decision?.trace).toBe(`00-${traceId}-${parentId}-01`);
    expect(server?.attributes).toMatchObject({
      'mcp.method.name': 'tools/call',
      'gen_ai.tool.name': 'echo',
      'gen_ai.operation.name': 'execute_tool',
      'jsonrpc.request.id': 'joined',
      'mcp.protocol.version': decision?.revision,
      'mcp.session.id': decision?.instance,
      'network.transport': 'pipe',
      'mcp_acp.policy.rule': 'all',
      'mcp_acp.policy.effect': 'allow',
      'mcp_acp.outcome': 'ok',
    });
    expect(server?.resource).toMatchObject({
      'service.name': 'mcp-acp',
      'service.instance.id': decision?.instance,
      'mcp_acp.proxy.name': 'p',
    });
    if (server === undefined || asked === undefined) throw new Error('no spans');
    expect(server.endNs).toBeGreaterThanOrEqual(server.startNs);
    expect(asked.startNs).toBeGreaterThanOrEqual(server.startNs);

    const refused = receiver.spans.filter(({ name }) => name === 'tools/call add');
    expect(refused).toHaveLength(1);
    expect(refused[0]).toMatchObject({ kind: serverKind, status: 2, parentSpanId: undefined });
    expect(refused[0]?.attributes).toMatchObject({
      'error.type': 'policy_denied',
      'mcp_acp.disposition': 'denied',
      'mcp_acp.policy.rule': 'no-add',
    });
    expect(receiver.bodies.join('\n')).not.toContain(canary);
  },
);

it(
  verifies(
    'TRACES-QUIET',
    'manager.json may name the receiver; without one, or switched off, there are no traces',
  ),
  async () => {
    await using receiver = await OtlpReceiver.open();
    await using home = new TempHome();
    home.addProxy('p', { backend: plainServer() });
    const off: readonly Readonly<Record<string, string>>[] = [
      {},
      { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_SDK_DISABLED: 'true' },
      { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_TRACES_EXPORTER: 'none' },
    ];
    for (const env of off) {
      await using client = startWith(home, env);
      await client.initialize();
      await client.call('echo', { message: 'x' }, 'a');
      await client.end();
    }
    expect(receiver.paths).toEqual([]);
    home.manager({ telemetry: { otlpEndpoint: receiver.url } });
    await using client = startWith(home, {});
    await client.initialize();
    await client.call('echo', { message: 'x' }, 'a');
    await eventually('the spans', () => receiver.spans.some(({ name }) => name === 'tools/call echo'));
    await client.end();
  },
);

it(verifies('TRACES-JOINED', 'a session that is over at once is traced as well'), async () => {
  await using receiver = await OtlpReceiver.open();
  await using home = new TempHome();
  home.addProxy('p', { backend: plainServer() });
  await using client = startWith(home, { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${receiver.url}/v1/traces` });
  await client.initialize();
  await client.end();
  expect(receiver.spans.map(({ name }) => name)).toContain('initialize');
});

it.each(['http://127.0.0.1:9', 'no address at all'])(
  verifies('TRACES-QUIET', 'a receiver that is away (%s) is told once and disturbs no call'),
  async (address) => {
    await using home = new TempHome();
    home.addProxy('p', { backend: plainServer() });
    await using client = startWith(home, {
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: address,
      OTEL_EXPORTER_OTLP_TIMEOUT: '300',
    });
    await client.initialize();
    await client.call('echo', { message: 'x' }, 'a');
    await eventually('the complaint', () => /traces/.test(client.stderr));
    expect((await client.call('echo', { message: 'y' }, 'b')).result.content[0].text).toBe('echo: y');
    await client.end();
    expect(client.exit).toMatchObject({ code: 0 });
    expect(client.stderr.match(/traces/g)).toHaveLength(1);
  },
);
