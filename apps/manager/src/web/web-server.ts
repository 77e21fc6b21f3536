import { createServer, type IncomingMessage, type Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ApiContext } from '@mcp-acp/api/context';
import type { AnyTRPCRouter } from '@trpc/server';
import type { AccessGate } from '../access/open-access.ts';
import { refusalOf, send } from './answers.ts';
import { boundConnections } from './bounded-connections.ts';
import { createLineBudget } from './line-budget.ts';
import { listenOnPort } from './listen-on-port.ts';
import { observeRequest } from './observe-request.ts';
import { createPageSockets, type PageSockets } from './page-sockets.ts';
import { loadPages } from './pages.ts';
import { checkRequest, type Refused, type RequestFacts } from './request-gate.ts';
import { createRoutes } from './routes.ts';
import { securityHeaders } from './security-headers.ts';
import { sessionCookie } from './session-cookie.ts';
import { defaultWebLimits, type WebLimits } from './web-limits.ts';
import type { ReadinessReport, WebConnection, WebLog } from './web-ports.ts';

export interface WebServerOptions {
  /** 0 for any that is free. */
  readonly port: number;
  /** Eight hexadecimal digits, the same at every start: the cookies of several installations must differ. */
  readonly installation: string;
  readonly access: AccessGate;
  readonly router: AnyTRPCRouter;
  readonly createContext: (connection: WebConnection) => ApiContext;
  readonly metrics: () => Promise<string>;
  readonly readiness: () => ReadinessReport;
  readonly log: WebLog;
  /** Folder of the pages, with an `index.html`. */
  readonly pages: string;
  /** Told whenever an unlocked page comes or goes. */
  readonly onPages?: (open: number) => void;
  readonly limits?: Partial<WebLimits>;
}

export interface WebServer {
  readonly port: number;
  /** Unlocked pages that are connected. */
  readonly pages: number;
  /** Ends what is connected and stops listening. */
  close(): Promise<void>;
}

/**
 * Serves the dashboard, the API for its pages, and the probes, on 127.0.0.1 alone. Nothing of a request is looked at
 * before `checkRequest` has let it pass. Throws AcpError: 'port_in_use', 'config_invalid' where the pages are missing.
 */
export async function startWebServer(options: WebServerOptions): Promise<WebServer> {
  const { access, router, createContext, log } = options;
  const limits: WebLimits = { ...defaultWebLimits, ...options.limits };
  const onFault: WebLog['fault'] = (error, path) => log.fault(error, path);
  const cookie = sessionCookie(options.installation);
  const pages = loadPages(options.pages);
  const server = createServer({
    maxHeaderSize: limits.headerBytes,
    headersTimeout: limits.headersMs,
    requestTimeout: limits.requestMs,
    connectionsCheckingInterval: limits.checkingMs,
    keepAliveTimeout: limits.keepAliveMs,
  });
  // Node forgets those beyond a count without a word, a second Host among them; their size bounds them too.
  server.maxHeadersCount = 0;
  server.timeout = limits.silenceMs;
  const connections = boundConnections(server, limits);
  const strangers = createLineBudget({
    most: limits.strangerLines,
    windowMs: 1_000,
    leftOut: (lines) => log.leftOut(lines),
  });
  const observe = observeRequest.bind(undefined, { log, strangers });
  const sockets = createPageSockets({
    router,
    access,
    createContext,
    onFault,
    onPages: options.onPages ?? (() => undefined),
    frameBytes: limits.bodyBytes,
    most: limits.pageSockets,
    tokenMs: limits.tokenMs,
  });
  const answer = createRoutes({
    ...options,
    cookie,
    pages,
    connections,
    onFault,
    bodyBytes: limits.bodyBytes,
    strangerBodyBytes: limits.strangerBodyBytes,
    strangers,
  });

  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    const facts = factsOf(request, false);
    const seen = checkRequest(facts, portOf(server), limits);
    const observed = observe(facts, seen);
    response.once('close', () => observed.over(response.headersSent ? response.statusCode : 499));
    response.on('error', () => undefined);
    for (const [name, value] of Object.entries(securityHeaders())) response.setHeader(name, value);
    if (!seen.ok) {
      // What is left of the body is read and dropped where that is soon done, so that the answer arrives.
      if (!isSoonRead(request, limits.droppedBytes)) response.setHeader('Connection', 'close');
      if (seen.status === 405) response.setHeader('Allow', 'GET, POST');
      send(response, refusalOf(seen));
      return;
    }
    answer({ request, response, passed: seen, observed })
      .catch((error: unknown) => {
        onFault(error, undefined);
        return refusalOf({ status: 500, code: 'internal', why: 'Something went wrong.' });
      })
      .then((given) => {
        if (given !== undefined && !response.headersSent) send(response, given);
      });
  };

  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    socket.on('error', () => undefined);
    const facts = factsOf(request, true);
    const seen = checkRequest(facts, portOf(server), limits);
    const observed = observe(facts, seen);
    const cookies = seen.ok ? cookie.read(seen.header('cookie')) : [];
    const refused = seen.ok ? checkPage(access, sockets, cookies) : seen;
    if (refused !== undefined) {
      observed.over(refused.status, refused);
      refuseUpgrade(request, socket, refused);
      return;
    }
    const release = connections.hold(request.socket);
    socket.once('close', () => {
      release();
      observed.over(101);
    });
    sockets.accept({ request, socket, head, cookies, recognised: observed.recognised });
  };

  server.on('request', handle);
  // Nobody is told to go on with a body before its head was looked at.
  server.on('checkContinue', handle);
  server.on('checkExpectation', handle);
  server.on('upgrade', upgrade);
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    socket.on('error', () => undefined);
    const status = statusOfParseError(error.code);
    const refused: Refused = { ok: false, status, code: 'bad_request', why: 'The bytes are no request.' };
    observe(unread, refused).over(status);
    if (error.code === 'ECONNRESET' || !socket.writable) socket.destroy();
    else socket.end(`HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
  });

  await listenOnPort(server, options.port);
  server.on('error', (error) => onFault(error, undefined));
  return {
    port: portOf(server),
    get pages() {
      return sockets.pages;
    },
    close: async () => {
      await closeAll(server, sockets, limits.closeGraceMs);
      strangers.close();
    },
  };
}

/** The port that was asked for, or the one the system gave. */
function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

const unread: RequestFacts = { method: '-', target: '-', httpVersion: '', rawHeaders: [], isUpgrade: false };

const factsOf = (request: IncomingMessage, isUpgrade: boolean): RequestFacts => ({
  method: request.method ?? '',
  target: request.url ?? '',
  httpVersion: request.httpVersion,
  rawHeaders: request.rawHeaders,
  isUpgrade,
});

function isSoonRead({ headers }: IncomingMessage, bytes: number): boolean {
  return headers['transfer-encoding'] === undefined && Number(headers['content-length'] ?? 0) <= bytes;
}

function checkPage(
  access: AccessGate,
  sockets: PageSockets,
  cookies: readonly string[],
): Refused | undefined {
  if (!access.knowsCookie(cookies)) {
    return { ok: false, status: 401, code: 'locked', why: 'The cookie of no session was shown.' };
  }
  if (sockets.makeRoom()) return undefined;
  return { ok: false, status: 503, code: 'too_many_requests', why: 'Too many pages are open.' };
}

function refuseUpgrade(request: IncomingMessage, socket: Duplex, refused: Refused): void {
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  response.assignSocket(request.socket);
  response.once('finish', () => socket.destroy());
  for (const [name, value] of Object.entries(securityHeaders())) response.setHeader(name, value);
  send(response, refusalOf(refused));
}

function statusOfParseError(code: string | undefined): number {
  if (code === 'HPE_HEADER_OVERFLOW') return 431;
  return code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400;
}

function closeAll(server: Server, sockets: PageSockets, graceMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  sockets.close();
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), graceMs);
  return closed.finally(() => clearTimeout(timer));
}
