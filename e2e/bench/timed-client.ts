/** Hears when the last byte of an answer came; `performance.now()` of that moment. */
export type Taker = (arrivedMs: number) => void;

/**
 * A client that measures. Answers are matched by id; everything else is ignored. What differs is how bytes travel: each
 * transport takes the time of an answer when its last byte has been read, before anything of it is decoded.
 */
export abstract class TimedClient {
  readonly startedMs = performance.now();
  /** The process that was started to answer; none where the server runs already. */
  abstract readonly pid: number | undefined;
  private readonly waiting = new Map<number, Taker>();
  private nextId = 1;
  private failure: Error | undefined;
  /** Rejects when a request is refused or the other side is gone; never settles otherwise. */
  readonly failed: Promise<never>;
  protected fail: (error: Error) => void = () => {};

  constructor() {
    this.failed = new Promise((_, reject) => {
      this.fail = (error) => {
        this.failure ??= error;
        reject(error);
      };
    });
    this.failed.catch(() => {});
  }

  /** What a message is in this transport's bytes. */
  protected abstract encode(message: object): Buffer;
  protected abstract write(bytes: Buffer): void;
  abstract close(): Promise<void>;

  /** Takes a whole message that came at `arrivedMs`. */
  protected take(bytes: Buffer, arrivedMs: number): void {
    const message = JSON.parse(bytes.toString('utf8')) as { id?: number; result?: { isError?: boolean } };
    const taker = message.id === undefined ? undefined : this.waiting.get(message.id);
    if (taker === undefined) return;
    this.waiting.delete(message.id ?? -1);
    if (message.result === undefined || message.result.isError === true) {
      return this.fail(new Error(`refused: ${bytes.toString('utf8').slice(0, 300)}`));
    }
    taker(arrivedMs);
  }

  /** Writes a request; `taker` is called when its answer has come. Returns the time of the write. */
  send(method: string, params: object, taker: Taker): number {
    if (this.failure !== undefined) throw this.failure;
    const id = this.nextId++;
    const bytes = this.encode({ jsonrpc: '2.0', id, method, params });
    this.waiting.set(id, taker);
    const sentMs = performance.now();
    this.write(bytes);
    return sentMs;
  }

  /** One request, alone. Resolves with its latency in milliseconds and the time its answer came. */
  request(method: string, params: object): Promise<{ readonly tookMs: number; readonly arrivedMs: number }> {
    const answered = new Promise<{ tookMs: number; arrivedMs: number }>((resolve) => {
      const sentMs = this.send(method, params, (arrivedMs) =>
        resolve({ tookMs: arrivedMs - sentMs, arrivedMs }),
      );
    });
    return Promise.race([answered, this.failed]);
  }

  async initialize(): Promise<void> {
    await this.request('initialize', {
      protocolVersion: '2025-11-25',
      capabilities: {},
      clientInfo: { name: 'bench', version: '1.0.0' },
    });
    this.write(this.encode({ jsonrpc: '2.0', method: 'notifications/initialized' }));
  }
}
