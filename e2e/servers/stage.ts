import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import type { Command } from '../resources/fixtures.ts';
import { TempHome } from '../resources/temp-home.ts';
import { definedOnly } from '../resources/v1-agent.ts';
import { installedPackage } from './installed-servers.ts';
import type { MatrixServer, Place } from './matrix-server.ts';

/** Where Debian, other systems and macOS put a Chromium. */
const browsers = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** A home of mcp-acp, the folder a server works in, and what it takes to start that server in it. */
export class Stage extends TempHome {
  readonly server: MatrixServer;
  readonly place: Place;
  readonly version: string;
  private readonly program: string;

  /** `from` is the folder whose node_modules hold the server. */
  constructor(server: MatrixServer, from: string) {
    super();
    const found = installedPackage(server.package, from);
    this.server = server;
    this.version = found.version;
    this.program = join(found.folder, server.program);
    this.place = { folder: join(this.base, 'folder'), browser: browsers.find((path) => existsSync(path)) };
  }

  /** Lays the server's folder anew, so that no side finds what the other left. */
  layFolder(): void {
    rmSync(this.place.folder, { recursive: true, force: true });
    mkdirSync(this.place.folder);
    for (const [name, content] of Object.entries(this.server.files ?? {})) {
      writeFileSync(join(this.place.folder, name), content);
    }
  }

  command(args: readonly string[]): Command {
    return [process.execPath, this.program, ...args];
  }

  /** What the server finds in its environment beyond the short default that proxy and SDK agree on. */
  serverEnv(more: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
    return { ...this.server.env?.(this.place), ...more };
  }

  /** A client's end of a program's standard input and output. */
  stdio([command, ...args]: Command, env: Readonly<Record<string, string>>): StdioClientTransport {
    return new StdioClientTransport({
      command,
      args,
      cwd: this.place.folder,
      env: { ...definedOnly(this.env), ...env },
      stderr: 'ignore',
    });
  }
}
