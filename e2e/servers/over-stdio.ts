import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { tapped } from '../resources/fixtures.ts';
import { type Difference, firstLineApart } from './compare.ts';
import { Conversation } from './conversation.ts';
import { type Observation, observe } from './observe.ts';
import type { Stage } from './stage.ts';

const proxyName = 'matrix';

/** The client and the server, with nothing between them. */
export async function directly(stage: Stage, revision: string): Promise<Observation> {
  const { server, place } = stage;
  stage.layFolder();
  const transport = stage.stdio(stage.command(server.args(place)), stage.serverEnv());
  await using conversation = await Conversation.open(transport, place.folder);
  return await observe(conversation, revision, server.calls(place));
}

export interface Proxied {
  readonly observation: Observation;
  /** A line that did not cross the proxy as it was, where the two wires were tapped. */
  readonly apart: Difference | undefined;
}

/** The same through the built proxy, with a tap on each of its two wires. */
export async function throughProxy(stage: Stage, revision: string): Promise<Proxied> {
  const { server, place } = stage;
  stage.layFolder();
  const taps = join(stage.base, 'taps');
  rmSync(taps, { recursive: true, force: true });
  mkdirSync(taps);
  stage.addProxy(proxyName, {
    backend: tapped(taps, 'far', stage.command(server.args(place))),
    cwd: place.folder,
    env: stage.serverEnv(),
  });
  const observation = await observed();
  return { observation, apart: apartIn(taps) };

  async function observed(): Promise<Observation> {
    const transport = stage.stdio(tapped(taps, 'near', stage.startCommand(proxyName)), {});
    await using conversation = await Conversation.open(transport, place.folder);
    return await observe(conversation, revision, server.calls(place));
  }
}

/** The first line that is not the same on both sides of the proxy. What a server says after its client left is not among them. */
function apartIn(taps: string): Difference | undefined {
  const toServer = firstLineApart(lines(taps, 'near', 'to-server'), lines(taps, 'far', 'to-server'));
  if (toServer !== undefined) return { path: 'a line to the server', ...toServer };
  const arrived = lines(taps, 'near', 'to-client');
  const sent = lines(taps, 'far', 'to-client').slice(0, Math.max(arrived.length, 1));
  const toClient = firstLineApart(sent, arrived);
  return toClient && { path: 'a line to the client', ...toClient };
}

function lines(taps: string, label: string, way: string): readonly string[] {
  const file = readdirSync(taps).find((name) => name.startsWith(`${label}.`) && name.endsWith(`.${way}`));
  if (file === undefined) throw new Error(`the ${label} tap has written nothing`);
  return readFileSync(join(taps, file), 'latin1')
    .split('\n')
    .filter((line) => line !== '');
}
