import { mkdtempSync, rmSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { EventReader } from '@mcp-acp/api/ports/instance';
import type { ManagerPorts } from '@mcp-acp/api/ports/manager-ports';
import { appRouter } from '@mcp-acp/api/router/app-router';
import type { LiveEvent } from '@mcp-acp/shared/live/live-event';
import { type Access, openAccess } from '../src/access/open-access.ts';
import type { WebLimits } from '../src/web/web-limits.ts';
import type { CountedRequest, ReadinessReport, RequestEntry } from '../src/web/web-ports.ts';
import { startWebServer, type WebServer } from '../src/web/web-server.ts';
import { settableClock } from './settable-clock.ts';

/** A page with a script and a style of its own. */
export const smallPages = fileURLToPath(new URL('fixtures/pages', import.meta.url));
const installation = '0123abcd';
export const cookieName = `mcp-acp-${installation}`;

export interface Page {
  readonly session: string;
  readonly cookie: string;
  readonly token: string;
}

export interface WebScene extends AsyncDisposable {
  readonly server: WebServer;
  readonly port: number;
  readonly access: Access;
  readonly clock: ReturnType<typeof settableClock>;
  /** Lines of the log. */
  readonly requests: RequestEntry[];
  readonly counted: CountedRequest[];
  /** Lines that were left out, each time it was told. */
  readonly leftOut: number[];
  /** Names of operations, as their lines have them. */
  readonly operations: string[];
  readonly faults: unknown[];
  readonly incidents: string[];
  /** What operations that read or change something have done. */
  readonly effects: string[];
  /** Proxies as the API tells of them. */
  readonly proxies: unknown[];
  readonly readiness: { report: ReadinessReport };
  /** How long a reload takes. */
  readonly knobs: { slowMs: number };
  page(): Promise<Page>;
  /** Every subscriber gets the event. */
  tell(event: LiveEvent): void;
  readonly subscribers: number;
  /** How many events each subscription has taken so far, in the order they began. */
  readonly taken: readonly number[];
}

/** The real web server with the real router, and ports that note what is asked of them. */
export async function webScene(
  options: {
    limits?: Partial<WebLimits>;
    pages?: string;
    port?: number;
    /** Where the sessions are kept; else in a folder that goes with the scene. */
    accessFile?: string;
  } = {},
): Promise<WebScene> {
  const knobs = { slowMs: 0 };
  const dir = mkdtempSync(join(tmpdir(), 'acp-web-'));
  const clock = settableClock();
  const incidents: string[] = [];
  const requests: RequestEntry[] = [];
  const counted: CountedRequest[] = [];
  const leftOut: number[] = [];
  const operations: string[] = [];
  const faults: unknown[] = [];
  const effects: string[] = [];
  const proxies: unknown[] = [];
  const events = eventSource();
  const access = openAccess({
    file: options.accessFile ?? join(dir, 'access.json'),
    clock,
    incident: (code) => incidents.push(code),
    log: () => undefined,
  });
  const readiness: WebScene['readiness'] = {
    report: {
      checks: {
        config: { ok: true },
        database: { ok: true, detail: 'a detail for the operator' },
        sockets: { ok: true },
        journals: { ok: true },
      },
      backends: [{ proxy: 'files', instance: 'inst_aaaaaaaaaaaaaaaa', state: 'connected' }],
    },
  };
  const noted = <Value>(effect: string, value: Value): Value => {
    effects.push(effect);
    return value;
  };
  const manager = {
    access: {
      ...access,
      sessions: () => noted('access.sessions', access.sessions()),
      revoke: (id: string) => noted('access.revoke', access.revoke(id)),
    },
    events: { subscribe: events.subscribe },
    process: { status: () => noted('manager.status', {}), stop: () => noted('manager.stop', undefined) },
    proxies: {
      list: () => noted('proxies.list', proxies),
      connected: () => noted('proxies.connected', []),
    },
    reload: async () => {
      await new Promise((resolve) => setTimeout(resolve, knobs.slowMs));
      return noted('reload', []);
    },
  } as unknown as ManagerPorts;
  const server = await startWebServer({
    port: options.port ?? 0,
    installation,
    access,
    router: appRouter,
    createContext: (connection) => ({
      ...connection,
      manager,
      operations: { record: ({ request }) => operations.push(request) },
      live: { at: 'elsewhere', forward: async ({ path }) => noted(path, {}) },
    }),
    metrics: async () => 'acp_up 1\n',
    readiness: () => readiness.report,
    log: {
      counted: (request) => counted.push(request),
      request: (entry) => requests.push(entry),
      leftOut: (lines) => leftOut.push(lines),
      fault: (error) => faults.push(error),
    },
    pages: options.pages ?? smallPages,
    ...(options.limits === undefined ? {} : { limits: options.limits }),
  });
  return {
    knobs,
    server,
    port: server.port,
    access,
    clock,
    requests,
    counted,
    leftOut,
    operations,
    faults,
    incidents,
    effects,
    proxies,
    readiness,
    page: () => access.unlock(access.createCode().code),
    tell: events.tell,
    get subscribers() {
      return events.count;
    },
    taken: events.taken,
    [Symbol.asyncDispose]: async () => {
      await server.close();
      access.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

function eventSource() {
  const kept: [id: string, event: LiveEvent][] = [];
  const waiting = new Set<() => void>();
  const taken: number[] = [];
  let count = 0;
  return {
    get count() {
      return count;
    },
    taken,
    tell: (event: LiveEvent): void => {
      kept.push([`epoch.${kept.length + 1}`, event]);
      for (const wake of waiting) wake();
    },
    async *subscribe(_: unknown, { lastEventId }: EventReader, signal: AbortSignal) {
      let next = lastEventId === undefined ? kept.length : kept.findIndex(([id]) => id === lastEventId) + 1;
      const self = taken.push(0) - 1;
      count++;
      try {
        while (!signal.aborted) {
          const item = kept[next];
          if (item === undefined) {
            await new Promise<void>((resolve) => {
              const wake = (): void => {
                waiting.delete(wake);
                signal.removeEventListener('abort', wake);
                resolve();
              };
              waiting.add(wake);
              signal.addEventListener('abort', wake, { once: true });
            });
          } else {
            next++;
            taken[self] = (taken[self] ?? 0) + 1;
            yield [item];
          }
        }
      } finally {
        count--;
      }
    },
  };
}

export interface RawAnswer {
  /** 0 where the connection was closed without an answer. */
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

/** Sends bytes as they are and reads one answer, which the server or the length told ends. */
export function sendRaw(port: number, bytes: string | Buffer): Promise<RawAnswer> {
  return new Promise((resolve) => {
    const socket = createConnection({ port, host: '127.0.0.1' });
    let received = Buffer.alloc(0);
    const over = (): void => {
      socket.destroy();
      resolve(parseAnswer(received));
    };
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      if (isWhole(received, bytes.toString().startsWith('HEAD '))) over();
    });
    socket.on('error', () => undefined);
    socket.on('close', over);
    socket.on('connect', () => socket.write(bytes));
  });
}

/** A request line by line; a header whose value is undefined is left out. */
export function requestText(
  line: string,
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
  body = '',
): string {
  const lines = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [value].flat().map((one) => `${name}: ${one}`),
  );
  return [line, ...lines, '', body].join('\r\n');
}

function isWhole(received: Buffer, isHead: boolean): boolean {
  const { status, headers } = parseAnswer(received);
  const end = received.indexOf('\r\n\r\n');
  if (end < 0) return false;
  if (status === 101 || isHead) return true;
  const length = headers.get('content-length');
  return length === undefined
    ? received.subarray(-7).toString('latin1').endsWith('0\r\n\r\n')
    : received.length >= end + 4 + Number(length);
}

function parseAnswer(received: Buffer): RawAnswer {
  const [head = '', ...body] = received.toString('utf8').split('\r\n\r\n');
  const [line = '', ...lines] = head.split('\r\n');
  const headers = new Map<string, string>();
  for (const one of lines) {
    const at = one.indexOf(':');
    headers.set(one.slice(0, at).toLowerCase(), one.slice(at + 1).trim());
  }
  const sent = body.join('\r\n\r\n');
  return {
    status: Number(line.split(' ')[1] ?? 0),
    headers,
    body: headers.get('transfer-encoding') === 'chunked' ? withoutChunks(sent) : sent,
  };
}

/** Bodies of the API are chunks of a line each. */
const withoutChunks = (body: string): string =>
  body.replace(/(?:^|\r\n)[0-9a-f]+\r\n/g, '').replace(/\r\n$/, '');
