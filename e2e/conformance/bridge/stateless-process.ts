import type { ServerResponse } from 'node:http';
import { statusOf, subscriptionKey } from './envelope.ts';
import { type EventStream, openEventStream, sendJson } from './event-stream.ts';
import { codes, errorFor, type Id, type Message, metaOf, withMeta } from './json-rpc.ts';
import { type LineProcess, type Program, startLineProcess } from './line-process.ts';

/** One process that answers the requests of many clients: ids and progress tokens are made its own and given back. */
export interface StatelessProcess {
  /** Answers with JSON, or with events once something came before the answer. */
  request(message: Message & { readonly id: Id; readonly method: string }, response: ServerResponse): void;
  tell(message: Message): void;
  end(): Promise<void>;
}

interface Call {
  readonly request: Message & { readonly id: Id };
  readonly response: ServerResponse;
  readonly token: unknown;
  stream?: EventStream;
}

export function startStatelessProcess(
  program: Program,
  onAnswer: (request: Message, answer: Message) => void,
): StatelessProcess {
  const calls = new Map<number, Call>();
  let lastId = 0;
  let child: LineProcess | undefined;

  /** A message before the answer, with the client's own id and token in it again. */
  const giveBack = (message: Message): { readonly call: Call; readonly message: Message } | undefined => {
    const tagged = metaOf(message)[subscriptionKey];
    const subscribed = tagged === undefined ? undefined : calls.get(Number(tagged));
    if (subscribed !== undefined) {
      return { call: subscribed, message: withMeta(message, { [subscriptionKey]: subscribed.request.id }) };
    }
    const token = message.params?.progressToken;
    const reporting = token === undefined ? undefined : calls.get(Number(token));
    if (reporting !== undefined) {
      const params = { ...message.params, progressToken: reporting.token };
      return { call: reporting, message: { ...message, params } };
    }
    const newest = [...calls.values()]
      .filter(({ request }) => request.method !== 'subscriptions/listen')
      .at(-1);
    return newest === undefined ? undefined : { call: newest, message };
  };

  const answer = (id: number, message: Message): void => {
    const call = calls.get(id);
    if (call === undefined) return;
    calls.delete(id);
    const own = { ...message, id: call.request.id };
    onAnswer(call.request, own);
    if (call.stream === undefined) sendJson(call.response, statusOf(own, call.request), own);
    else {
      call.stream.send(own);
      call.stream.end();
    }
  };

  const start = (): LineProcess =>
    startLineProcess(program, {
      message(message) {
        if (message.method === undefined) {
          answer(Number(message.id), message);
          return;
        }
        const given = giveBack(message);
        if (given === undefined) return;
        given.call.stream ??= openEventStream(given.call.response);
        given.call.stream.send(given.message);
      },
      gone(reason) {
        child = undefined;
        for (const id of calls.keys()) answer(id, errorFor(id, codes.internalError, reason));
      },
    });

  return {
    request(message, response) {
      child ??= start();
      lastId += 1;
      const id = lastId;
      const token = metaOf(message).progressToken;
      calls.set(id, { request: message, response, token });
      response.on('close', () => {
        // A client of this era cancels by closing the stream; on stdio the same is said by a message.
        if (!calls.delete(id)) return;
        child?.send({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: id } });
      });
      const own = token === undefined ? message : withMeta(message, { progressToken: id });
      child.send({ ...own, id });
    },
    tell(message) {
      child ??= start();
      child.send(message);
    },
    async end() {
      await child?.end();
    },
  };
}
