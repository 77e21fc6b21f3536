import type { ServerResponse } from 'node:http';
import { type EventStream, openEventStream } from './event-stream.ts';
import { codes, errorFor, type Id, type Message, metaOf } from './json-rpc.ts';
import { type Program, startLineProcess } from './line-process.ts';

/** One session of a stateful revision: a process of its own, messages unchanged. */
export interface StatefulSession {
  /** Sends a request on; its answer, and what comes before it, arrive as events on `response`. */
  request(message: Message & { readonly id: Id }, response: ServerResponse): void;
  /** Sends on what wants no answer. */
  tell(message: Message): void;
  /** Opens the stream of what belongs to no request, or goes on with the one that broke after `lastEventId`. */
  listen(response: ServerResponse, lastEventId: string | undefined): void;
  end(): Promise<void>;
}

/** Where messages go: the stream of one request, or the one of none. It outlives the HTTP responses it is read from. */
interface Channel {
  readonly number: number;
  readonly events: { readonly message: Message; sent: boolean }[];
  stream?: EventStream | undefined;
  closed: boolean;
}

const retryMs = 500;
/** Events kept for those who resume; a scenario has a few dozen. */
const eventLimit = 10_000;
const ofNoRequest = /list_changed$|^notifications\/resources\/updated$/;

export function openStatefulSession(id: string, program: Program, onGone: () => void): StatefulSession {
  const channels: Channel[] = [];
  const waiting = new Map<Id, Channel>();
  const tokens = new Map<unknown, Id>();
  const newChannel = (): Channel => {
    const channel = { number: channels.length, events: [], closed: false };
    channels.push(channel);
    return channel;
  };
  const alone = newChannel();

  const emit = (channel: Channel, message: Message): void => {
    if (channel.events.length >= eventLimit) throw new Error('more events than a scenario has');
    channel.events.push({ message, sent: channel.stream !== undefined });
    channel.stream?.send(message, `${channel.number}.${channel.events.length}`);
  };
  const channelFor = (message: Message): Channel => {
    if (message.method === undefined) return waiting.get(message.id ?? '') ?? alone;
    if (ofNoRequest.test(message.method)) return alone;
    const owner = tokens.get(message.params?.progressToken);
    return (owner === undefined ? undefined : waiting.get(owner)) ?? [...waiting.values()].at(-1) ?? alone;
  };
  const finish = (requestId: Id, channel: Channel): void => {
    waiting.delete(requestId);
    channel.closed = true;
    channel.stream?.end();
  };
  const attach = (channel: Channel, response: ServerResponse): EventStream => {
    const stream = openEventStream(response, { 'mcp-session-id': id });
    channel.stream = stream;
    response.on('close', () => {
      if (channel.stream === stream) channel.stream = undefined;
    });
    return stream;
  };

  const child = startLineProcess(program, {
    message(message) {
      const channel = channelFor(message);
      emit(channel, message);
      if (message.method === undefined && channel !== alone) finish(message.id ?? '', channel);
    },
    gone(reason) {
      for (const [requestId, channel] of waiting) {
        emit(channel, errorFor(requestId, codes.internalError, reason));
        finish(requestId, channel);
      }
      alone.stream?.end();
      onGone();
    },
  });

  return {
    request(message, response) {
      const channel = newChannel();
      waiting.set(message.id, channel);
      const token = metaOf(message).progressToken;
      if (token !== undefined) tokens.set(token, message.id);
      // An event without a message first: a stream that breaks before its first message can be resumed too.
      attach(channel, response).prime(`${channel.number}.0`, retryMs);
      child.send(message);
    },
    tell: (message) => child.send(message),
    listen(response, lastEventId) {
      const [number, from] = (lastEventId ?? '').split('.').map(Number);
      const channel = channels[number ?? 0] ?? alone;
      const stream = attach(channel, response);
      for (const [index, event] of channel.events.entries()) {
        const isDue = lastEventId === undefined ? !event.sent : index >= (from ?? 0);
        if (isDue) stream.send(event.message, `${channel.number}.${index + 1}`);
        event.sent = true;
      }
      if (channel.closed) stream.end();
    },
    end: () => child.end(),
  };
}
