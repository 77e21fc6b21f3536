import { pathToFileURL } from 'node:url';
import { isJsonObject, type JsonObject, type JsonValue } from '@mcp-acp/shared/json';
import { type JSONRPCMessage, SdkHttpError, type Transport } from '@modelcontextprotocol/client';

/** Longest wait for one answer: a server may have to start a browser on a slow machine. A hang is reported, never speed. */
const patienceMs = 180_000;

/** What a client offers, and how it answers what a server asks of it. The same words each time, so that runs compare. */
export const capabilities = {
  roots: { listChanged: true },
  sampling: {},
  elicitation: { form: {} },
} as const;

function answerTo(method: string, folder: string): JsonObject | undefined {
  switch (method) {
    case 'ping':
      return {};
    case 'roots/list':
      return { roots: [{ uri: pathToFileURL(folder).href, name: 'work' }] };
    case 'sampling/createMessage':
      return { role: 'assistant', content: { type: 'text', text: 'as sampled' }, model: 'none' };
    case 'elicitation/create':
      return { action: 'decline' };
    default:
      return undefined;
  }
}

/**
 * The answer in the body of a reply that the SDK's transport gives up on by its status: the stateless era answers an
 * unknown method with 404.
 */
function answerIn(error: unknown): JsonObject | undefined {
  if (!(error instanceof SdkHttpError) || typeof error.data.text !== 'string') return undefined;
  try {
    const body: unknown = JSON.parse(error.data.text);
    return isJsonObject(body) && body.jsonrpc === '2.0' ? body : undefined;
  } catch {
    return undefined;
  }
}

/** One client's side of a conversation, message by message over a transport of the SDK. Nothing is read into an answer. */
export class Conversation implements AsyncDisposable {
  private readonly transport: Transport;
  private readonly waiting = new Map<JsonValue, (answer: JsonObject) => void>();
  private nextId = 1;
  private over: Error | undefined;
  private readonly failures: ((error: Error) => void)[] = [];

  private constructor(transport: Transport, folder: string) {
    this.transport = transport;
    transport.onmessage = (message) => this.take(message as unknown as JsonObject, folder);
    transport.onclose = () => this.fail(new Error('the connection was closed'));
  }

  static async open(transport: Transport, folder: string): Promise<Conversation> {
    const conversation = new Conversation(transport, folder);
    await transport.start();
    return conversation;
  }

  private take(message: JsonObject, folder: string): void {
    const { id, method } = message;
    if (method === undefined) {
      if (id === undefined) return;
      const resolve = this.waiting.get(id);
      this.waiting.delete(id);
      resolve?.(message);
    } else if (id !== undefined && typeof method === 'string') {
      const result = answerTo(method, folder);
      const outcome = result === undefined ? { error: { code: -32601, message: 'not here' } } : { result };
      this.post({ jsonrpc: '2.0', id, ...outcome }).catch((error: Error) => this.fail(error));
    }
  }

  private fail(error: Error): void {
    this.over ??= error;
    for (const failure of this.failures.splice(0)) failure(error);
  }

  private post(message: JsonObject): Promise<void> {
    return this.transport.send(message as unknown as JSONRPCMessage);
  }

  /** Sends a request and resolves with its whole answer, an error included. Rejects where none can come. */
  async request(method: string, params: JsonObject): Promise<JsonObject> {
    const id = this.nextId++;
    if (this.over !== undefined) throw this.over;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`${method} was not answered`)), patienceMs);
      const refuse = (error: Error): void => {
        clearTimeout(timer);
        reject(new Error(`${method}: ${error.message}`, { cause: error }));
      };
      this.failures.push(refuse);
      this.waiting.set(id, (answer) => {
        clearTimeout(timer);
        this.failures.splice(this.failures.indexOf(refuse), 1);
        resolve(answer);
      });
      this.post({ jsonrpc: '2.0', id, method, params }).catch((error: Error) => {
        const answer = answerIn(error);
        if (answer?.id === id) this.take(answer, '');
        else refuse(error);
      });
    });
  }

  notify(method: string, params?: JsonObject): Promise<void> {
    return this.post({ jsonrpc: '2.0', method, ...(params === undefined ? {} : { params }) });
  }

  /** Tells the transport which revision was settled, for the header of HTTP. */
  settled(answer: JsonObject): string | undefined {
    const revision = isJsonObject(answer.result) ? answer.result.protocolVersion : undefined;
    if (typeof revision !== 'string') return undefined;
    this.transport.setProtocolVersion?.(revision);
    return revision;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.transport.close();
  }
}
