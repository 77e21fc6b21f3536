import type { JsonObject } from '@mcp-acp/shared/json';
import { isJsonObject } from '@mcp-acp/shared/json';
import { type Difference, firstDifference, steadied } from './compare.ts';
import type { HttpMode, MatrixServer } from './matrix-server.ts';
import { type ListMethod, type Observation, statefulRevision, statelessRevision } from './observe.ts';
import { directlyOverHttp, throughProxyOverHttp } from './over-http.ts';
import { directly, type Proxied, throughProxy } from './over-stdio.ts';
import { Stage } from './stage.ts';

export type TransportName = 'stdio' | HttpMode['transport'];

/** One comparison: a server, reached in one way, greeted in one revision. */
export interface Leg {
  readonly server: MatrixServer;
  readonly transport: TransportName;
  readonly revision: string;
}

export interface Row {
  readonly server: string;
  readonly package: string;
  readonly version: string;
  readonly transport: TransportName;
  /** The revision that was settled; undefined where it did not come to that. */
  readonly revision: string | undefined;
  readonly counts: Observation['counts'] | undefined;
  readonly answers: number;
  /** What the first call came to. */
  readonly smoke: string;
  readonly normalised: readonly string[];
  readonly difference: Difference | undefined;
  /** Why there is nothing to compare, and what to install. */
  readonly failure: string | undefined;
}

/** Every leg of a server: each way it can be reached, in each revision it speaks. */
export function legsOf(server: MatrixServer): readonly Leg[] {
  const revisions = server.stateless ? [statefulRevision, statelessRevision] : [statefulRevision];
  const transports: readonly TransportName[] = ['stdio', ...server.http.map(({ transport }) => transport)];
  return transports.flatMap((transport) =>
    revisions
      // The older HTTP+SSE is of the stateful era only.
      .filter((revision) => transport !== 'sse' || revision === statefulRevision)
      .map((revision) => ({ server, transport, revision })),
  );
}

/** Runs one leg on both sides and compares them. `from` is the folder whose node_modules hold the server. */
export async function runLeg(leg: Leg, from: string, say: (text: string) => void): Promise<Row> {
  const { server, transport, revision } = leg;
  await using stage = new Stage(server, from);
  const common = {
    server: server.name,
    package: server.package,
    version: stage.version,
    transport,
    normalised: server.volatile.map(({ what }) => what),
  };
  const label = `${server.name} over ${transport}, ${revision}`;
  let side = 'directly';
  try {
    say(`${label}: ${side}`);
    const direct = await directSide(stage, leg);
    side = 'behind the proxy';
    say(`${label}: ${side}`);
    const proxied = await proxiedSide(stage, leg);
    return {
      ...common,
      revision: direct.revision,
      counts: direct.counts,
      answers: answersIn(direct),
      smoke: smokeOf(direct),
      difference: differenceOf(server, direct, proxied),
      failure: undefined,
    };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return {
      ...common,
      revision: undefined,
      counts: undefined,
      answers: 0,
      smoke: '',
      difference: undefined,
      failure: `${side}: ${reason} (it needs ${server.needs})`,
    };
  }
}

const modeOf = ({ server, transport }: Leg): HttpMode | undefined =>
  server.http.find((mode) => mode.transport === transport);

function directSide(stage: Stage, leg: Leg): Promise<Observation> {
  const { revision } = leg;
  const mode = modeOf(leg);
  return mode === undefined ? directly(stage, revision) : directlyOverHttp({ stage, mode, revision });
}

async function proxiedSide(stage: Stage, leg: Leg): Promise<Proxied> {
  const { revision } = leg;
  const mode = modeOf(leg);
  if (mode === undefined) return throughProxy(stage, revision);
  return { observation: await throughProxyOverHttp({ stage, mode, revision }), apart: undefined };
}

function differenceOf(
  server: MatrixServer,
  direct: Observation,
  { observation, apart }: Proxied,
): Difference | undefined {
  const steady = ({ answers }: Observation) => steadied(answers, server.volatile);
  return firstDifference(steady(direct), steady(observation)) ?? apart;
}

const answersIn = ({ answers }: Observation): number =>
  Object.values(answers).reduce((sum: number, one) => sum + (Array.isArray(one) ? one.length : 1), 0);

const listMethods: ReadonlySet<string> = new Set<ListMethod | 'greeting'>([
  'greeting',
  'tools/list',
  'prompts/list',
  'resources/list',
  'resources/templates/list',
]);

function smokeOf({ answers }: Observation): string {
  const [label, answer] = Object.entries(answers).find(([key]) => !listMethods.has(key)) ?? [];
  if (label === undefined || !isJsonObject(answer)) return '';
  return `${label.replace(/^\d+ (?:tools\/call )?/, '')}: ${outcomeOf(answer)}`;
}

function outcomeOf({ error, result }: JsonObject): string {
  if (isJsonObject(error)) return `error ${String(error.code)}`;
  return isJsonObject(result) && result.isError === true ? 'tool error' : 'result';
}
