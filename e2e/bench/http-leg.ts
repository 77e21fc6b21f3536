import { fileURLToPath } from 'node:url';
import type { Command } from '../resources/fixtures.ts';
import { httpFixture } from '../resources/http-fixture.ts';
import { TempHome } from '../resources/temp-home.ts';
import { addedToCall } from './aims.ts';
import { HttpClient } from './http-client.ts';
import type { Leg, Stage, Subject } from './leg.ts';
import { StdioClient } from './stdio-client.ts';
import { typicalPolicy } from './typical-policy.ts';

const script = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/**
 * The client speaks over stdio, the server Streamable HTTP with JSON replies. Paths are left out: what resolving them
 * costs has nothing to do with the transport. Lists are a reply that comes in more than one read.
 */
export const httpLeg: Leg = {
  id: 'http',
  title: 'a server on Streamable HTTP',
  baseline: 'direct',
  reference: { id: 'bridge', name: 'bridge' },
  alsoMeasured: ['list'],
  hasOpenLoop: false,
  aims: [addedToCall('sync', 3.5)],
  setStage,
};

/**
 * One server for all subjects, since only one of them is busy at a time: they meet the same compiled code, heap and
 * sockets in it. With one each, the differences between five processes that ought to be equal would count as theirs.
 */
async function setStage(tools: number): Promise<Stage> {
  const node = process.execPath;
  const server = await httpFixture([node, script('./http-echo-backend.mjs'), String(tools)]);
  const { url } = server;
  const home = new TempHome();
  for (const durability of ['flush', 'sync'] as const) {
    home.addProxy(durability, { backend: { transport: 'http', url }, durability, policy: typicalPolicy() });
  }
  const subject = (id: string, label: string, command: Command): Subject => ({
    id,
    label,
    connect: () => new StdioClient(command, home.env),
  });
  return {
    subjects: [
      { id: 'direct', label: 'direct', connect: () => new HttpClient(url) },
      subject('bridge', 'bare Node bridge', [node, script('./naive-http-bridge.mjs'), url]),
      subject('naive', 'SDK transports, nothing else', [node, script('./naive-http-proxy.mjs'), url]),
      subject('flush', 'mcp-acp (flush)', home.startCommand('flush')),
      subject('sync', 'mcp-acp (sync)', home.startCommand('sync')),
    ],
    startedOnly: [],
    pids: server.child.pid === undefined ? [] : [server.child.pid],
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]();
      await home[Symbol.asyncDispose]();
    },
  };
}
