import { fileURLToPath } from 'node:url';
import type { Command } from '../resources/fixtures.ts';
import { TempHome } from '../resources/temp-home.ts';
import { addedColdStart, addedToCall, idleMemory, throughput } from './aims.ts';
import type { Leg, Stage, Subject } from './leg.ts';
import { StdioClient } from './stdio-client.ts';
import { typicalPolicy } from './typical-policy.ts';

const script = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** The client starts the server, or what stands before it, and speaks to it over its standard input and output. */
export const stdioLeg: Leg = {
  id: 'stdio',
  title: 'a server on stdio',
  baseline: 'direct',
  reference: { id: 'pipe', name: 'pipe' },
  alsoMeasured: ['pathCall', 'list'],
  hasOpenLoop: true,
  aims: [
    addedToCall('flush', 2.2),
    addedToCall('sync', 6),
    throughput('sync', 64, 30),
    addedColdStart('sync', 1.6),
    idleMemory('sync', 20),
  ],
  setStage: async (tools) => setStage(tools),
};

/** Each subject has a backend of its own, as every client of a server on stdio does. */
function setStage(tools: number): Stage {
  const home = new TempHome();
  const node = process.execPath;
  const backend: Command = [node, script('./echo-backend.mjs'), String(tools)];
  for (const durability of ['flush', 'sync'] as const) {
    home.addProxy(durability, { backend, durability, policy: typicalPolicy() });
  }
  home.addProxy('many-rules', { backend, policy: typicalPolicy(100) });
  const subject = (id: string, label: string, command: Command): Subject => ({
    id,
    label,
    connect: () => new StdioClient(command, home.env),
  });
  return {
    subjects: [
      subject('direct', 'direct', backend),
      subject('pipe', 'bare Node pipe', [node, script('../fixtures/relay.mjs'), ...backend]),
      subject('naive', 'SDK transports, nothing else', [node, script('./naive-proxy.mjs'), ...backend]),
      subject('flush', 'mcp-acp (flush)', home.startCommand('flush')),
      subject('sync', 'mcp-acp (sync)', home.startCommand('sync')),
    ],
    startedOnly: [subject('many-rules', 'mcp-acp (sync), 100 rules', home.startCommand('many-rules'))],
    pids: [],
    [Symbol.asyncDispose]: () => home[Symbol.asyncDispose](),
  };
}
