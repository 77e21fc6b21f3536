import type { TempHome } from '../../resources/temp-home.ts';
import { v1Agent } from '../../resources/v1-agent.ts';

/** What an agent reads of an answer. */
export interface Told {
  readonly text: string;
  readonly isError: boolean;
}

/** A call that may wait for a person. */
export interface Call {
  /** What the agent was told in the end; that it was cancelled is told as an error too. */
  readonly told: Promise<Told>;
  /** Whether it was told anything yet. */
  isOver(): boolean;
  cancel(): void;
}

export interface Agent extends AsyncDisposable {
  call(tool: string, args?: Record<string, unknown>): Call;
  /** Calls, and waits for what is told. */
  ask(tool: string, args?: Record<string, unknown>): Promise<Told>;
  tools(): Promise<readonly string[]>;
}

/** Longer than any person of these tests takes. Milliseconds. */
const timeout = 600_000;

const textOf = (content: unknown): string =>
  Array.isArray(content)
    ? content
        .map((part: { readonly text?: unknown }) => (typeof part.text === 'string' ? part.text : ''))
        .join('\n')
    : '';

/** The official SDK as an agent that starts a proxy the way a client does. */
export async function startAgent(home: TempHome, proxy: string): Promise<Agent> {
  const connected = await v1Agent(home.startCommand(proxy), home.env);
  const { client } = connected;
  const call: Agent['call'] = (name, args = {}) => {
    const abort = new AbortController();
    let over = false;
    const told = client
      .callTool({ name, arguments: args }, undefined, { timeout, signal: abort.signal })
      .then(
        (result): Told => ({ text: textOf(result.content), isError: result.isError === true }),
        (error: unknown): Told => ({ text: String(error), isError: true }),
      )
      .finally(() => {
        over = true;
      });
    return { told, isOver: () => over, cancel: () => abort.abort('not wanted any more') };
  };
  return {
    call,
    ask: (name, args) => call(name, args).told,
    tools: async () => (await client.listTools()).tools.map(({ name }) => name),
    [Symbol.asyncDispose]: () => connected[Symbol.asyncDispose](),
  };
}
