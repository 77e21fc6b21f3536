import { backoffMs } from './backoff.ts';
import type { HeaderList } from './header-list.ts';
import type { Lane } from './http-agents.ts';
import type { HttpCall, HttpClient } from './http-client.ts';
import { createStreamReply, type ReplySink } from './reply-reader.ts';

/** How long to wait before opening a stream again that its server closed and said nothing about that. Milliseconds. */
export const defaultRetryMs = 1_000;
/** The longest a server may make us wait. Milliseconds. */
export const longestRetryMs = 60_000;
/** What a header can carry of an event id. */
const eventIdForm = /^[\x20-\x7e]{1,4096}$/;

export const usableEventId = (id: string): string | undefined => (eventIdForm.test(id) ? id : undefined);

/** Why a stream is followed no more. */
export interface StreamEnd {
  readonly kind: 'refused' | 'silent' | 'done';
  readonly detail: string;
  /** The HTTP status, where it was refused with one. */
  readonly status?: number;
}

export interface EventStreamOptions {
  readonly client: HttpClient;
  readonly url: () => URL;
  /** The headers of each request, without those of the stream itself. */
  readonly headers: () => HeaderList;
  readonly lineLimitBytes: number;
  readonly lane: Lane;
  readonly isPatient: boolean;
  /** Where to go on: the last event that came, and how long to wait before asking. */
  readonly after?: { readonly eventId: string; readonly retryMs: number };
  readonly sink: ReplySink;
  /** The server has said whether it offers the stream. */
  readonly begun?: () => void;
  /** It is given up: the server does not offer it, it was silent for too long, or it is not wanted. Nothing more comes. */
  readonly over: (why: StreamEnd) => void;
  /** Whether it is opened again when it ends; always, without this. */
  readonly isWanted?: () => boolean;
  /** Goes on as long as it may: whatever fails is tried again, later and later. */
  readonly isLasting: boolean;
  /** One that is not lasting is over when it has brought no message for so long; 0 for ever. Milliseconds. */
  readonly silentMs: number;
}

/**
 * Follows a stream of events by GET, opening it again behind the last event whenever it ends (2025-11-25, Streamable
 * HTTP, "Resumability and Redelivery").
 */
export function followEventStream(options: EventStreamOptions): HttpCall {
  const { client, sink, isLasting, silentMs } = options;
  let eventId = options.after?.eventId;
  let retryMs = options.after?.retryMs ?? defaultRetryMs;
  /** Attempts in a row that brought nothing. */
  let misses = 0;
  let lastMessageMs = performance.now();
  let current: HttpCall | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isOver = false;

  const over = (why: StreamEnd): void => {
    if (isOver) return;
    isOver = true;
    current?.abort();
    options.over(why);
  };

  const brought = (): void => {
    misses = 0;
    lastMessageMs = performance.now();
  };

  const again = (): void => {
    if (isOver) return;
    if (options.isWanted?.() === false)
      return over({ kind: 'done', detail: 'it has brought what was wanted' });
    misses++;
    if (!isLasting && silentMs > 0 && performance.now() - lastMessageMs > silentMs) {
      return over({ kind: 'silent', detail: `no message for ${silentMs / 1000} s` });
    }
    timer = setTimeout(open, Math.max(retryMs, misses < 2 ? 0 : backoffMs(misses)));
  };

  const open = (): void => {
    let isStream = false;
    const reader = createStreamReply(options.lineLimitBytes, {
      message: (message, line) => {
        brought();
        sink.message(message, line);
      },
      oversize: (size, remains) => {
        brought();
        sink.oversize(size, remains);
      },
      eventId: (id) => {
        eventId = usableEventId(id);
      },
      retry: (ms) => {
        retryMs = Math.min(Math.max(ms, 1), longestRetryMs);
      },
    });
    const request = {
      method: 'GET',
      lane: options.lane,
      url: options.url(),
      headers: [
        ...options.headers(),
        'accept',
        'text/event-stream',
        ...(eventId === undefined ? [] : ['last-event-id', eventId]),
      ],
      isPatient: options.isPatient,
    } as const;
    current = client.send(request, {
      head: (status, headers) => {
        options.begun?.();
        isStream = status === 200 && isEventStream(headers['content-type']);
        if (isStream) return;
        current?.abort();
        // The server does not offer it, or does not know the session; anything else may pass.
        if (isLasting && (status >= 500 || status === 408 || status === 429)) again();
        else over({ kind: 'refused', detail: `HTTP ${status}`, status });
      },
      data: (chunk) => {
        if (isStream && !isOver) reader.push(chunk);
      },
      ended: again,
      failed: ({ kind, detail }) => {
        if (isLasting || kind === 'lost') again();
        else over({ kind: kind === 'timeout' ? 'silent' : 'refused', detail });
      },
    });
  };

  if (options.after === undefined) open();
  else timer = setTimeout(open, retryMs);
  return {
    abort: () => {
      isOver = true;
      clearTimeout(timer);
      current?.abort();
    },
  };
}

export const isEventStream = (contentType: string | undefined): boolean =>
  /^text\/event-stream\s*(?:;|$)/i.test(contentType ?? '');
