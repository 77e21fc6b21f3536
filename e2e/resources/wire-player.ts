import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from './fixtures.ts';
import { patienceMs } from './line-client.ts';

/** A backend on stdio that says what a test tells it to say, and tells what it was told: every line as its bytes. */
export class WirePlayer implements AsyncDisposable {
  /** What arrived at the backend, in order, without newlines. */
  readonly arrived: Buffer[] = [];
  readonly command: Command;
  private readonly server: Server;
  private readonly control: Promise<Socket>;
  private rest = '';
  private wake: () => void = () => {};

  private constructor(server: Server, port: number) {
    this.server = server;
    const program = fileURLToPath(new URL('../fixtures/wire-player.mjs', import.meta.url));
    this.command = [process.execPath, resolve(program), String(port)];
    this.control = once(server, 'connection').then(([socket]: Socket[]) => {
      if (socket === undefined) throw new Error('no connection');
      socket.on('data', (chunk) => this.take(chunk.toString('latin1')));
      socket.on('error', () => {});
      return socket;
    });
  }

  static async create(): Promise<WirePlayer> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('the player has no port');
    return new WirePlayer(server, address.port);
  }

  private take(text: string): void {
    const lines = (this.rest + text).split('\n');
    this.rest = lines.pop() ?? '';
    this.arrived.push(...lines.map((line) => Buffer.from(line, 'base64')));
    this.wake();
  }

  /** Says lines, in one write. */
  async say(...lines: readonly Buffer[]): Promise<void> {
    const control = await this.control;
    control.write(lines.map((line) => `${line.toString('base64')}\n`).join(''));
  }

  /** Resolves when `count` lines have arrived in all. */
  async arrivals(count: number): Promise<void> {
    const until = Date.now() + patienceMs;
    while (this.arrived.length < count) {
      const leftMs = until - Date.now();
      if (leftMs <= 0) throw new Error(`${count} lines were to arrive, ${this.arrived.length} did`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, leftMs);
        this.wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.server.close();
    const connected = await Promise.race([this.control, Promise.resolve(undefined)]);
    connected?.destroy();
  }
}
