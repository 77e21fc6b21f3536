import { backoffMs } from './backoff.ts';
import type { HeaderList } from './header-list.ts';
import type { HttpCall, HttpClient } from './http-client.ts';
import { createStreamReply, type ReplySink } from './reply-reader.ts';

/** How long to wait before opening a stream again that its server closed and said nothing about that. Milliseconds. */
export const defaultRetryMs = 1_000;
/** The longest a server may make us wait. Milliseconds. */
export const longestRetryMs = 60_000;
/** What a header can carry of an event id. */
const eventIdForm = /^[\x20-\x7e]{1,4096}$/;

export const usableEventId = (id: string): string | undefined => (eventIdForm.test(id) ? id : undefined);

export interface EventStreamOptions {
  readonly client: HttpClient;
  readonly url: () => URL;
  /** The headers of each request, without those of the stream itself. */
  readonly headers: () => HeaderList;
  readonly lineLimitBytes: number;
  readonly isPatient: boolean;
  /** Where to go on: the last event that came, and how long to wait before asking. */
  readonly after?: { readonly eventId: string; readonly retryMs: number };
  readonly sink: ReplySink;
  /** The server has said whether it offers the stream. */
  readonly begun?: () => void;
  /** The server does not offer the stream (any more): the status, or why it cannot be reached. Nothing more comes. */
  readonly over: (why: { readonly status?: number; readonly detail: string }) => void;
  /** Goes on trying where the server cannot be reached. */
  readonly isLasting: boolean;
}

/**
 * Follows a stream of events by GET, opening it again behind the last event whenever it ends (2025-11-25, Streamable
 * HTTP, "Resumability and Redelivery").
 */
export function followEventStream(options: EventStreamOptions): HttpCall {
  let eventId = options.after?.eventId;
  let retryMs = options.after?.retryMs ?? 0;
  let failures = 0;
  /** Streams in a row that brought nothing. */
  let empty = 0;
  let current: HttpCall | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isOver = false;

  const over = (why: Parameters<EventStreamOptions['over']>[0]): void => {
    if (isOver) return;
    isOver = true;
    current?.abort();
    options.over(why);
  };

  const again = (): void => {
    const misses = Math.max(failures, empty);
    if (!isOver) timer = setTimeout(open, Math.max(retryMs, misses === 0 ? 0 : backoffMs(misses)));
  };

  const open = (): void => {
    retryMs = retryMs === 0 ? defaultRetryMs : retryMs;
    let hasBrought = false;
    const reader = createStreamReply(options.lineLimitBytes, {
      ...options.sink,
      message: (message, line) => {
        hasBrought = true;
        options.sink.message(message, line);
      },
      eventId: (id) => {
        eventId = usableEventId(id);
      },
      retry: (ms) => {
        retryMs = Math.min(Math.max(ms, 1), longestRetryMs);
      },
    });
    let isStream = false;
    const request = {
      method: 'GET',
      url: options.url(),
      headers: [
        ...options.headers(),
        'accept',
        'text/event-stream',
        ...(eventId === undefined ? [] : ['last-event-id', eventId]),
      ],
      isPatient: options.isPatient,
    } as const;
    current = options.client.send(request, {
      head: (status, headers) => {
        isStream = status === 200 && isEventStream(headers['content-type']);
        if (!isStream) over({ status, detail: `HTTP ${status}` });
        failures = 0;
        options.begun?.();
      },
      data: (chunk) => {
        if (isStream && !isOver) reader.push(chunk);
      },
      ended: () => {
        empty = hasBrought ? 0 : empty + 1;
        again();
      },
      failed: ({ kind, detail }) => {
        failures++;
        if (options.isLasting || (kind === 'lost' && eventId !== undefined && failures < 3)) again();
        else over({ detail });
      },
    });
  };

  if (options.after === undefined) open();
  else again();
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
