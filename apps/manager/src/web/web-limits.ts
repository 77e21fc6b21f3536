import { mostFrameBytes } from '@mcp-acp/api/wire/line-frames';

export interface WebLimits {
  /** A request's body, and one message on a WebSocket. */
  readonly bodyBytes: number;
  /** A body of somebody who is locked out. There is nothing to say but a code. */
  readonly strangerBodyBytes: number;
  /** Lines of the log within a second for requests nobody vouches for. */
  readonly strangerLines: number;
  /** Request line and headers. */
  readonly headerBytes: number;
  /** Of a refused body that is larger than this, nothing is read. */
  readonly droppedBytes: number;
  /** Until all headers, and until the whole request must have come. */
  readonly headersMs: number;
  readonly requestMs: number;
  /** How often that is looked at. */
  readonly checkingMs: number;
  /** An idle connection is kept so long. */
  readonly keepAliveMs: number;
  /** A connection on which nothing moves is closed. */
  readonly silenceMs: number;
  readonly connections: number;
  readonly pageSockets: number;
  /** Until a WebSocket must have shown its token. */
  readonly tokenMs: number;
  /** At the end, for answers that are on their way. */
  readonly closeGraceMs: number;
}

export const defaultWebLimits: WebLimits = {
  bodyBytes: mostFrameBytes,
  strangerBodyBytes: 16 * 1024,
  strangerLines: 20,
  headerBytes: 16 * 1024,
  droppedBytes: 16 * 1024 * 1024,
  headersMs: 10_000,
  requestMs: 30_000,
  checkingMs: 2_000,
  keepAliveMs: 30_000,
  silenceMs: 60_000,
  connections: 256,
  pageSockets: 64,
  tokenMs: 10_000,
  closeGraceMs: 1_000,
};
