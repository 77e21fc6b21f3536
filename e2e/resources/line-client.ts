import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { treeOf } from './process-table.ts';

/** A message as parsed from the wire, of any shape: tests say what they expect of it. */
export interface WireMessage {
  readonly jsonrpc?: string;
  readonly id?: string | number | null;
  readonly method?: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads into answers of every shape
  readonly params?: any;
  // biome-ignore lint/suspicious/noExplicitAny: as above
  readonly result?: any;
  // biome-ignore lint/suspicious/noExplicitAny: as above
  readonly error?: { readonly code: number; readonly message: string; readonly data?: any };
}

export interface LineClientOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
}

/** How long a test waits for something that must come before it reports a hang. Never an assertion about speed. */
export const patienceMs = 20_000;

/**
 * A client that speaks raw lines to a child process and keeps every line that came back. It hides nothing: what it
 * sends may be any bytes, and no answer is matched but by its exact id.
 */
export class LineClient implements AsyncDisposable {
  readonly child: ChildProcessWithoutNullStreams;
  readonly lines: Buffer[] = [];
  readonly messages: WireMessage[] = [];
  stderr = '';
  exit: { readonly code: number | null; readonly signal: NodeJS.Signals | null } | undefined;
  private parts: Buffer[] = [];
  private nextId = 1;
  private readonly watchers = new Set<() => void>();

  constructor(options: LineClientOptions) {
    this.child = spawn(options.command, options.args, {
      stdio: 'pipe',
      ...(options.env === undefined ? {} : { env: options.env }),
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    });
    this.child.stdout.on('data', (chunk: Buffer) => this.take(chunk));
    this.child.stderr.on('data', (chunk: Buffer) => {
      this.stderr = (this.stderr + chunk.toString('utf8')).slice(-16_384);
    });
    this.child.stdin.on('error', () => {});
    this.child.stdin.on('drain', () => this.wake());
    this.child.on('error', (error) => {
      this.stderr += error.message;
      this.exit = { code: 127, signal: null };
      this.wake();
    });
    this.child.on('close', (code, signal) => {
      this.exit = { code, signal };
      this.wake();
    });
  }

  get pid(): number {
    return this.child.pid ?? -1;
  }

  private take(chunk: Buffer): void {
    let start = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, start)) {
      this.parts.push(chunk.subarray(start, end));
      const line = Buffer.concat(this.parts);
      this.parts = [];
      this.lines.push(line);
      this.messages.push(JSON.parse(line.toString('utf8')) as WireMessage);
      start = end + 1;
    }
    if (start < chunk.length) this.parts.push(chunk.subarray(start));
    this.wake();
  }

  private wake(): void {
    for (const watcher of [...this.watchers]) watcher();
  }

  /** Resolves with the first value that is not undefined, asked anew after each event; rejects when patience ends. */
  async until<Value>(what: string, find: () => Value | undefined): Promise<Value> {
    return new Promise((resolve, reject) => {
      const finish = (): void => {
        clearTimeout(timer);
        this.watchers.delete(look);
      };
      const look = (): void => {
        const value = find();
        if (value !== undefined) {
          finish();
          resolve(value);
        } else if (this.exit !== undefined) {
          finish();
          reject(
            new Error(`${what} never came: the process ended (${JSON.stringify(this.exit)})\n${this.stderr}`),
          );
        }
      };
      const timer = setTimeout(() => {
        finish();
        const last = this.lines.slice(-3).map((line) => line.toString('utf8').slice(0, 300));
        reject(new Error(`${what} never came. Last lines:\n${last.join('\n')}\n${this.stderr}`));
      }, patienceMs);
      this.watchers.add(look);
      look();
    });
  }

  /** Writes bytes as they are; resolves when the pipe has room again. */
  async sendRaw(bytes: string | Buffer): Promise<void> {
    const hasRoom = this.child.stdin.write(bytes);
    if (!hasRoom && this.exit === undefined) await this.until('room in the pipe', () => this.roomOrEnd());
  }

  private roomOrEnd(): true | undefined {
    return this.child.stdin.writableNeedDrain && this.exit === undefined ? undefined : true;
  }

  sendLine(line: string | Buffer): Promise<void> {
    return this.sendRaw(Buffer.concat([Buffer.from(line), Buffer.from('\n')]));
  }

  answersTo(id: string | number | null): readonly WireMessage[] {
    return this.messages.filter((message) => message.method === undefined && message.id === id);
  }

  answerTo(id: string | number | null): Promise<WireMessage> {
    return this.until(`the answer to ${JSON.stringify(id)}`, () => this.answersTo(id)[0]);
  }

  /** Sends a request and resolves with its answer, a refusal included. */
  async request(method: string, params?: object, id: string | number = this.nextId++): Promise<WireMessage> {
    await this.sendLine(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
    return this.answerTo(id);
  }

  call(name: string, args: object = {}, id?: string | number): Promise<WireMessage> {
    return this.request('tools/call', { name, arguments: args }, id);
  }

  /** Sends a line that must be refused, and resolves with the error that came for it (with a null id, or its own). */
  async refusal(line: string | Buffer): Promise<WireMessage> {
    const before = this.messages.length;
    await this.sendLine(line);
    return this.until('a refusal', () =>
      this.messages
        .slice(before)
        .find((message) => message.error !== undefined || message.result !== undefined),
    );
  }

  notify(method: string, params?: object): Promise<void> {
    return this.sendLine(JSON.stringify({ jsonrpc: '2.0', method, params }));
  }

  async initialize(revision = '2025-11-25'): Promise<WireMessage> {
    const answer = await this.request(
      'initialize',
      { protocolVersion: revision, capabilities: {}, clientInfo: { name: 'line-client', version: '1.0.0' } },
      'initialize',
    );
    await this.notify('notifications/initialized');
    return answer;
  }

  /** Ends standard input and resolves when the process has ended. */
  async end(): Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }> {
    this.child.stdin.end();
    return this.ended();
  }

  ended(): Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }> {
    return this.until('the end of the process', () => this.exit);
  }

  /** Asks the process to end; by force, with all that descends from it, where it does not. */
  async [Symbol.asyncDispose](): Promise<void> {
    const family = treeOf(this.pid);
    if (this.exit === undefined) {
      this.child.stdin.end();
      this.child.stdout.resume();
      await Promise.race([
        this.ended().catch(() => {}),
        new Promise((resolve) => setTimeout(resolve, 5_000).unref()),
      ]);
    }
    for (const pid of [...new Set([...family, ...treeOf(this.pid)])].reverse()) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It has ended already.
      }
    }
    this.child.stdin.destroy();
  }
}
