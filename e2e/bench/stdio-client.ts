import { type ChildProcess, spawn } from 'node:child_process';
import type { Command } from '../resources/fixtures.ts';
import { TimedClient } from './timed-client.ts';

/** A client of a process it starts, over raw lines. An answer has come when its newline has been read. */
export class StdioClient extends TimedClient {
  private readonly child: ChildProcess;
  private readonly gone: Promise<void>;
  private parts: Buffer[] = [];

  constructor([program, ...args]: Command, env: NodeJS.ProcessEnv) {
    super();
    this.child = spawn(program, args, { env, stdio: ['pipe', 'pipe', 'ignore'] });
    this.child.stdout?.on('data', (chunk: Buffer) => this.read(chunk));
    this.child.stdin?.on('error', () => {});
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

  get pid(): number | undefined {
    return this.child.pid;
  }

  private read(chunk: Buffer): void {
    const arrivedMs = performance.now();
    let start = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, start)) {
      let line = chunk.subarray(start, end);
      if (this.parts.length > 0) {
        line = Buffer.concat([...this.parts, line]);
        this.parts = [];
      }
      start = end + 1;
      this.take(line, arrivedMs);
    }
    if (start < chunk.length) this.parts.push(chunk.subarray(start));
  }

  protected encode(message: object): Buffer {
    return Buffer.from(`${JSON.stringify(message)}\n`);
  }

  protected write(bytes: Buffer): void {
    this.child.stdin?.write(bytes);
  }

  async close(): Promise<void> {
    this.child.stdin?.end();
    const late = setTimeout(() => this.child.kill('SIGKILL'), 5_000);
    await this.gone;
    clearTimeout(late);
  }
}
