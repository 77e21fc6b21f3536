import { HttpBackend, type Script } from './http-backend.ts';
import { LineClient, type WireMessage } from './line-client.ts';
import { type HttpBackendSettings, TempHome } from './temp-home.ts';

/** A client on raw lines, the built proxy named `p`, and a backend that does what a script says. */
export interface HttpScene {
  readonly home: TempHome;
  readonly client: LineClient;
  readonly backend: HttpBackend;
}

/** What a proxy is given beside its backend. */
export interface HttpSceneOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly logLevel?: 'debug';
  readonly messageBytes?: number;
}

export async function playHttp(
  script: Script,
  scene: (stage: HttpScene) => Promise<void>,
  settings: Partial<HttpBackendSettings> = {},
  { env, ...proxy }: HttpSceneOptions = {},
): Promise<void> {
  await using backend = await HttpBackend.start(script);
  await using home = new TempHome();
  home.addProxy('p', { backend: { transport: 'http', url: backend.url, ...settings }, ...proxy });
  const [command, ...args] = home.startCommand('p');
  await using client = new LineClient({ command, args, env: { ...home.env, ...env }, cwd: home.base });
  await scene({ home, client, backend });
}

export const textOf = ({ result }: WireMessage): unknown => result?.content?.[0]?.text;

/** The code of a refusal, which is a tool's result or an error. */
export const codeOf = ({ result, error }: WireMessage): unknown =>
  result?.structuredContent?.code ?? error?.data?.code;

/** Sends a call and does not wait for its answer. */
export const beginCall = (client: LineClient, id: string | number, name = 'go'): Promise<void> =>
  client.sendLine(
    JSON.stringify({ jsonrpc: '2.0', id, method: 'tools/call', params: { name, arguments: {} } }),
  );

/** Settles when the proxy has dealt with every line before: it answers a line that is no message itself. */
export async function allTaken(client: LineClient): Promise<void> {
  await client.refusal('no message');
}

/** The calls a backend got, by their ids, in order. */
export const callsAt = (backend: HttpBackend): readonly unknown[] =>
  backend.of('tools/call').map(({ message }) => message.id);
