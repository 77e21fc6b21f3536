import type { EndListener } from '../end.ts';
import type { IncomingMessage } from '../message.ts';
import type { HeaderList } from './header-list.ts';
import type { HttpBackendOptions } from './http-backend-options.ts';
import type { HttpClient } from './http-client.ts';
import type { OpenQuestions } from './open-questions.ts';

/** A message and the line it came as. */
export interface Outgoing {
  readonly message: IncomingMessage;
  readonly line: Buffer;
}

/** One way to carry messages over HTTP: Streamable HTTP, or the older HTTP+SSE. */
export interface Wire {
  send(outgoing: Outgoing): void;
  /** Says good-bye to the server, if it has a session, and settles; never rejects. */
  leave(): Promise<void>;
}

export interface WireParts {
  readonly options: HttpBackendOptions;
  /** Sent with every request. */
  readonly headers: HeaderList;
  readonly client: HttpClient;
  readonly questions: OpenQuestions;
  readonly listener: EndListener;
  /** Where requests go; redirects within its origin change it. */
  readonly endpoint: { url: URL };
  /** Bytes have left, or will never. */
  readonly left: (bytes: number) => void;
}
