import { isEventStream } from './event-stream.ts';
import { redirectOf, urlFrom } from './redirect.ts';
import { createStreamReply, type ReplySink } from './reply-reader.ts';
import type { WireParts } from './wire.ts';

/** An open stream of the HTTP+SSE transport. */
export interface SseStream {
  /** Where messages are posted: what the stream's `endpoint` event named, in the origin of the stream. */
  readonly address: URL;
  close(): void;
}

export type OpenedStream =
  | { readonly kind: 'open'; readonly stream: SseStream }
  | { readonly kind: 'failed'; readonly why: 'unreachable' | 'lost' | 'refused'; readonly detail: string };

export interface SseStreamEvents {
  readonly sink: ReplySink;
  /** It was open and is no more. */
  readonly lost: (detail: string) => void;
  /** How long it may take to open; by default as long as any reply, and connecting before it. Milliseconds. */
  readonly withinMs: number | undefined;
}

/** Longest text of an address. Bytes. */
const addressBytes = 8_192;

/**
 * Opens the stream and waits for its `endpoint` event (2024-11-05, "HTTP with SSE"). `lost` hears of its end once it
 * was open. An address in another origin is refused: it would get the headers, which may be credentials.
 */
export function openSseStream(
  { client, endpoint, headers, options }: WireParts,
  { sink, lost, withinMs }: SseStreamEvents,
): Promise<OpenedStream> {
  return new Promise((resolve) => {
    let isOpen = false;
    const failed = (detail: string, why: 'unreachable' | 'lost' | 'refused' = 'refused'): void => {
      clearTimeout(timer);
      call.abort();
      resolve({ kind: 'failed', why, detail });
    };
    const named = (data: Buffer): void => {
      if (isOpen) return;
      const address =
        data.length > addressBytes ? undefined : urlFrom(data.toString('utf8').trim(), endpoint.url);
      if (address === undefined || address.origin !== endpoint.url.origin)
        return failed('the address to post to is not in the origin of the stream');
      isOpen = true;
      clearTimeout(timer);
      resolve({ kind: 'open', stream: { address, close: () => call.abort() } });
    };
    const reader = createStreamReply(options.lineLimitBytes, {
      ...sink,
      event: (type, data) => {
        if (type === 'endpoint') named(data);
      },
      eventId: () => undefined,
      retry: () => undefined,
    });
    let isStream = false;
    const over = (detail: string, why: 'unreachable' | 'lost' = 'lost'): void => {
      if (isOpen) lost(detail);
      else failed(detail, why);
    };
    const call = client.send(
      {
        method: 'GET',
        lane: 'stream',
        url: endpoint.url,
        headers: [...headers, 'accept', 'text/event-stream'],
        isPatient: true,
      },
      {
        head: (status, reply) => {
          const redirect = redirectOf(status, reply, endpoint.url);
          isStream = status === 200 && isEventStream(reply['content-type']);
          if (isStream) return;
          failed(
            redirect?.kind === 'refused' ? redirect.detail : `HTTP ${status} instead of a stream of events`,
          );
        },
        data: (chunk) => {
          if (isStream) reader.push(chunk);
        },
        ended: () => over('the stream ended'),
        failed: ({ kind, detail }) => over(detail, kind === 'unreachable' ? kind : 'lost'),
      },
    );
    const waitMs = options.firstByteMs === 0 ? options.connectMs : options.firstByteMs;
    // Connecting has its own limit; this one is for a server that opens a stream and names no address.
    const timer = setTimeout(
      () => failed('no address to post to came'),
      withinMs ?? waitMs + options.connectMs,
    ).unref();
  });
}
