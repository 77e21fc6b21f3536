import { type ChildProcess, spawn } from 'node:child_process';
import type { Command } from '../resources/fixtures.ts';

type Taker = (arrivedMs: number, bytes: number) => void;

/**
 * A client that speaks raw lines. The clock stops when the newline of an answer has been read, before anything of it is
 * decoded. Answers are matched by id; everything else is ignored.
 */
export class TimedClient {
  readonly startedMs: number;
  private readonly child: ChildProcess;
  private readonly waiting = new Map<number, Taker>();
  private parts: Buffer[] = [];
  private nextId = 1;
  private failure: Error | undefined;
  private readonly gone: Promise<void>;
  /** Rejects when a request is refused or the process ends; never settles otherwise. */
  readonly failed: Promise<never>;
  private fail: (error: Error) => void = () => {};

  constructor(command: Command, env: NodeJS.ProcessEnv) {
    const [program, ...args] = command;
    this.startedMs = performance.now();
    this.child = spawn(program, args, { env, stdio: ['pipe', 'pipe', 'ignore'] });
    this.child.stdout?.on('data', (chunk: Buffer) => this.take(chunk));
    this.child.stdin?.on('error', () => {});
    this.failed = new Promise((_, reject) => {
      this.fail = (error) => {
        this.failure ??= error;
        reject(error);
      };
    });
    this.failed.catch(() => {});
    this.gone = new Promise((resolve) => {
      this.child.on('error', (error) => {
        this.fail(error);
        resolve();
      });
      this.child.on('close', (code) => {
        this.fail(new Error(`the process ended with ${code}`));
        resolve();
      });
    });
  }

  get pid(): number {
    return this.child.pid ?? -1;
  }

  private take(chunk: Buffer): void {
    const arrived = performance.now();
    let start = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, start)) {
      let line = chunk.subarray(start, end);
      if (this.parts.length > 0) {
        line = Buffer.concat([...this.parts, line]);
        this.parts = [];
      }
      start = end + 1;
      const message = JSON.parse(line.toString('utf8')) as { id?: number; result?: { isError?: boolean } };
      const taker = message.id === undefined ? undefined : this.waiting.get(message.id);
      if (taker === undefined) continue;
      this.waiting.delete(message.id ?? -1);
      if (message.result === undefined || message.result.isError === true) {
        return this.fail(new Error(`refused: ${line.toString('utf8').slice(0, 300)}`));
      }
      taker(arrived, line.length);
    }
    if (start < chunk.length) this.parts.push(chunk.subarray(start));
  }

  /** Writes a request; `taker` is called when its answer's newline has come. Returns the time of the write. */
  send(method: string, params: object, taker: Taker): number {
    if (this.failure !== undefined) throw this.failure;
    const id = this.nextId++;
    const bytes = Buffer.from(`${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`);
    this.waiting.set(id, taker);
    const sent = performance.now();
    this.child.stdin?.write(bytes);
    return sent;
  }

  /** One request, alone. Resolves with its latency in milliseconds and the time its answer came. */
  request(method: string, params: object): Promise<{ readonly tookMs: number; readonly arrivedMs: number }> {
    const answered = new Promise<{ tookMs: number; arrivedMs: number }>((resolve) => {
      const sent = this.send(method, params, (arrivedMs) => resolve({ tookMs: arrivedMs - sent, arrivedMs }));
    });
    return Promise.race([answered, this.failed]);
  }

  async initialize(): Promise<void> {
    await this.request('initialize', {
      protocolVersion: '2025-11-25',
      capabilities: {},
      clientInfo: { name: 'bench', version: '1.0.0' },
    });
    this.child.stdin?.write('{"jsonrpc":"2.0","method":"notifications/initialized"}\n');
  }

  async close(): Promise<void> {
    this.child.stdin?.end();
    const late = setTimeout(() => this.child.kill('SIGKILL'), 5_000);
    await this.gone;
    clearTimeout(late);
  }
}
