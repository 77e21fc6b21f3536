import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { checkHeaders, hasEnvelope, isStateless } from './envelope.ts';
import { sendJson, sendStatus } from './event-stream.ts';
import { checkMediaTypes, checkOrigin, type Rejection } from './http-checks.ts';
import { codes, errorFor, type Id, isMessage, isNotification, isRequest, type Message } from './json-rpc.ts';
import type { Program } from './line-process.ts';
import { ParameterHeaders } from './parameter-headers.ts';
import { openStatefulSession, type StatefulSession } from './stateful-session.ts';
import { startStatelessProcess } from './stateless-process.ts';

/** A server on stdio, reachable over Streamable HTTP of both eras. */
export interface HttpBridge extends AsyncDisposable {
  readonly url: string;
}

const path = '/mcp';
const statefulRevisions: readonly unknown[] = ['2025-03-26', '2025-06-18', '2025-11-25'];

const reject = (response: ServerResponse, { status, code, detail }: Rejection, id: Id | null = null): void =>
  sendJson(response, status, errorFor(id, code, detail));
const refuse = (status: number, detail: string): Rejection => ({
  status,
  code: codes.invalidRequest,
  detail,
});

export async function openHttpBridge(program: Program): Promise<HttpBridge> {
  const sessions = new Map<string, StatefulSession>();
  const ending: Promise<void>[] = [];
  const parameters = new ParameterHeaders();
  const learn = (request: Message, answer: Message): void => {
    if (request.method === 'tools/list') parameters.learn(answer.result);
  };
  // A server on stdio takes its era from the first message: what lacks the envelope must not be that message.
  const enveloped = startStatelessProcess(program, learn);
  const others = startStatelessProcess(program, learn);

  function takeStateless(message: Message, incoming: IncomingMessage, response: ServerResponse): void {
    const wrong = checkHeaders(incoming.headers, message, parameters.of(message));
    if (wrong !== undefined) reject(response, wrong, message.id ?? null);
    else if (isRequest(message)) (hasEnvelope(message) ? enveloped : others).request(message, response);
    else if (isNotification(message)) {
      enveloped.tell(message);
      sendStatus(response, 202);
    } else reject(response, refuse(400, 'A client of this revision sends no answers.'));
  }

  function openSession(): StatefulSession {
    const id = randomUUID();
    const session = openStatefulSession(id, program, () => sessions.delete(id));
    sessions.set(id, session);
    return session;
  }

  function sessionOf(incoming: IncomingMessage, message?: Message): StatefulSession | Rejection {
    const id = incoming.headers['mcp-session-id'];
    if (id === undefined && message?.method === 'initialize') return openSession();
    if (typeof id !== 'string') return refuse(400, 'The header Mcp-Session-Id is missing.');
    const session = sessions.get(id);
    if (session === undefined) return refuse(404, 'This session does not exist, or has ended.');
    const revision = incoming.headers['mcp-protocol-version'];
    const isKnown = revision === undefined || statefulRevisions.includes(revision);
    return isKnown ? session : refuse(400, 'MCP-Protocol-Version names no revision that is spoken here.');
  }

  function takeStateful(message: Message, incoming: IncomingMessage, response: ServerResponse): void {
    const session = sessionOf(incoming, message);
    if ('status' in session) reject(response, session, message.id ?? null);
    else if (isRequest(message)) session.request(message, response);
    else {
      session.tell(message);
      sendStatus(response, 202);
    }
  }

  async function take(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const wrong = checkMediaTypes(incoming.headers);
    if (wrong !== undefined) return reject(response, wrong);
    const message = parsed(await text(incoming));
    if (message === undefined) {
      return reject(response, { status: 400, code: codes.parseError, detail: 'The body is no JSON.' });
    }
    if (!isMessage(message)) return reject(response, refuse(400, 'The body is no single message.'));
    (isStateless(incoming.headers, message) ? takeStateless : takeStateful)(message, incoming, response);
  }

  function route(incoming: IncomingMessage, response: ServerResponse): void {
    const wrong = checkOrigin(incoming.headers);
    if (wrong !== undefined) return reject(response, wrong);
    if (incoming.url !== path) return sendStatus(response, 404);
    if (incoming.method === 'POST') return void take(incoming, response);
    if (incoming.method !== 'GET' && incoming.method !== 'DELETE') return sendStatus(response, 405);
    const session = sessionOf(incoming);
    if ('status' in session) return reject(response, session);
    const lastEventId = incoming.headers['last-event-id'];
    if (incoming.method === 'GET') {
      session.listen(response, typeof lastEventId === 'string' ? lastEventId : undefined);
    } else {
      sessions.delete(String(incoming.headers['mcp-session-id']));
      ending.push(session.end());
      sendStatus(response, 200);
    }
  }

  const server = createServer(route);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`,
    async [Symbol.asyncDispose]() {
      const live = [...sessions.values()].map((session) => session.end());
      await Promise.all([...live, ...ending, enveloped.end(), others.end()]);
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A body as JSON. Undefined where it is none; JSON itself has no such value. */
function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
