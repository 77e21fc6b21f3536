import { pageEndpoint, tokenHeader } from '@mcp-acp/api/web-names';
import type { ErrorCode } from '@mcp-acp/shared/errors';

/** What a request says of itself before anything of it is believed. */
export interface RequestFacts {
  readonly method: string;
  readonly target: string;
  readonly httpVersion: string;
  /** Names and values in turn, as they came. */
  readonly rawHeaders: readonly string[];
  /** It asks to leave HTTP. */
  readonly isUpgrade: boolean;
}

export type Route = 'api' | 'health' | 'ready' | 'metrics' | 'page';

export interface Passed {
  readonly ok: true;
  readonly route: Route;
  /** Percent-encoded, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** One of the two the server answers to, port included. */
  readonly host: string;
  readonly header: (name: string) => string | undefined;
}

export interface Refused {
  readonly ok: false;
  readonly status: number;
  readonly code: ErrorCode;
  /** In words that repeat nothing of the request. */
  readonly why: string;
}

export interface GateLimits {
  readonly bodyBytes: number;
}

const mostHeaders = 64;

/** Headers on which a decision rests. Two of one kind could be read differently by others. */
const single = new Set([
  'host',
  'origin',
  'cookie',
  'authorization',
  'content-type',
  'content-length',
  'content-encoding',
  'transfer-encoding',
  'sec-fetch-site',
  'sec-fetch-mode',
  'sec-fetch-dest',
  'sec-websocket-key',
  'sec-websocket-version',
  'upgrade',
  'user-agent',
  tokenHeader,
]);

/** Where a fetch by a script of ours goes: the answer to anything else would be run or shown. */
const dataDestinations = new Set(['empty', 'websocket']);
const frames = new Set(['iframe', 'frame', 'object', 'embed', 'fencedframe']);

const refuse = (status: number, code: ErrorCode, why: string): Refused => ({ ok: false, status, code, why });

const foreign = (why: string): Refused => refuse(403, 'origin_refused', why);

/** The names under which a browser of this machine reaches `port`. IPv6 is not among them: nothing of ours listens there. */
export const ownHosts = (port: number): readonly string[] =>
  port === 80 ? ['127.0.0.1', 'localhost'] : [`127.0.0.1:${port}`, `localhost:${port}`];

/**
 * Decides from a request's head alone whether it is looked at: whether it means this server (a name that was pointed at
 * 127.0.0.1 does not), and whether it can come from a page of ours, from the address bar, or from a program of this
 * machine. Who it is that asks is decided after that.
 */
export function checkRequest(facts: RequestFacts, port: number, limits: GateLimits): Passed | Refused {
  const headers = readHeaders(facts.rawHeaders);
  if ('ok' in headers) return headers;
  const header = (name: string): string | undefined => headers.get(name);
  if (facts.httpVersion !== '1.1') return refuse(505, 'bad_request', 'Only HTTP/1.1 is spoken here.');
  // Origin form: no absolute form, no asterisk, nothing that another parser would take for a host.
  if (!/^\/(?![/\\])[\x21-\x7e]*$/.test(facts.target) || /[\\#]/.test(facts.target)) {
    return refuse(400, 'bad_request', 'The request target is not a path.');
  }
  const host = header('host');
  if (host === undefined || !ownHosts(port).includes(host)) {
    return foreign('The Host header does not name this server.');
  }
  const split = facts.target.indexOf('?');
  const path = split < 0 ? facts.target : facts.target.slice(0, split);
  const query = new URLSearchParams(split < 0 ? '' : facts.target.slice(split));
  const request: Passed = { ok: true, route: routeOf(path), path, query, host, header };
  return (
    checkMethod(facts, request.route) ??
    checkSource(facts, request) ??
    (facts.isUpgrade ? checkUpgrade(request) : checkBody(facts, request, limits)) ??
    request
  );
}

function readHeaders(raw: readonly string[]): ReadonlyMap<string, string> | Refused {
  if (raw.length > 2 * mostHeaders) return refuse(431, 'request_too_large', 'There are too many headers.');
  const headers = new Map<string, string>();
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = (raw[at] ?? '').toLowerCase();
    if (headers.has(name) && single.has(name)) {
      return refuse(400, 'bad_request', `There is more than one ${name} header.`);
    }
    headers.set(name, raw[at + 1] ?? '');
  }
  return headers;
}

function routeOf(path: string): Route {
  if (path === pageEndpoint || path.startsWith(`${pageEndpoint}/`)) return 'api';
  if (path === '/healthz') return 'health';
  if (path === '/readyz') return 'ready';
  if (path === '/metrics') return 'metrics';
  return 'page';
}

function checkMethod({ method, isUpgrade }: RequestFacts, route: Route): Refused | undefined {
  if (method === 'GET' || (method === 'POST' && route === 'api' && !isUpgrade)) return undefined;
  return refuse(405, 'bad_request', 'The method is not one this path takes.');
}

/** Whether a page of ours, a person or a program asks, as far as a browser tells. */
function checkSource({ method, isUpgrade }: RequestFacts, request: Passed): Refused | undefined {
  const { header, host, route } = request;
  const origin = header('origin');
  const site = header('sec-fetch-site');
  const destination = header('sec-fetch-dest');
  if (origin !== undefined && origin !== `http://${host}`)
    return foreign('The request comes from another origin.');
  if (destination !== undefined && frames.has(destination))
    return foreign('Nothing here is shown in a frame.');
  // Following a link to the page itself, from a file too, is the person's business; it carries no cookie and tells nothing.
  const isVisit = route === 'page' && header('sec-fetch-mode') === 'navigate' && destination === 'document';
  if (site !== undefined && site !== 'same-origin' && site !== 'none' && !isVisit) {
    return foreign('The request comes from another site.');
  }
  if (route !== 'api') return undefined;
  if (destination !== undefined && !dataDestinations.has(destination)) {
    return foreign('Only a script of the dashboard reads this.');
  }
  if (isUpgrade) {
    return origin === undefined
      ? foreign('A WebSocket is opened by a page, which names its origin.')
      : undefined;
  }
  // A browser always names the origin where something may change; who does not is asked for what no other page has.
  const isToldSameOrigin = origin !== undefined || (method === 'GET' && site === 'same-origin');
  if (!isToldSameOrigin && header(tokenHeader) === undefined) {
    return refuse(401, 'locked', 'Neither an origin nor a token was shown.');
  }
  return undefined;
}

function checkUpgrade({ path, query, header }: Passed): Refused | undefined {
  if (path !== pageEndpoint) return refuse(400, 'bad_request', 'There is nothing to upgrade to here.');
  if (header('upgrade')?.toLowerCase() !== 'websocket') {
    return refuse(400, 'bad_request', 'Only WebSockets are spoken besides HTTP/1.1.');
  }
  // The token comes in the first message: a URL would leave it in logs.
  if (query.toString() !== 'connectionParams=1') {
    return refuse(401, 'locked', 'The token is expected in the first message.');
  }
  return undefined;
}

function checkBody({ method }: RequestFacts, request: Passed, limits: GateLimits): Refused | undefined {
  const { header, route, query } = request;
  const length = header('content-length');
  const isJson = /^application\/json(?:; ?charset=utf-8)?$/i.test(
    header('content-type') ?? 'application/json',
  );
  if (header('expect') !== undefined) return refuse(417, 'bad_request', 'No expectation is met here.');
  if (route === 'api' && query.has('connectionParams')) {
    return refuse(400, 'bad_request', 'The token is a header, never part of a URL.');
  }
  if (route === 'api' && (header('trpc-accept') !== undefined || isStream(header('accept')))) {
    return refuse(406, 'bad_request', 'Streams are read over the WebSocket.');
  }
  if (method === 'GET') {
    if ((length ?? '0') !== '0' || header('transfer-encoding') !== undefined) {
      return refuse(400, 'bad_request', 'A GET has no body here.');
    }
    return route === 'api' && !isJson ? refuse(415, 'bad_request', 'Only JSON is taken here.') : undefined;
  }
  if (header('content-type') === undefined || !isJson || header('content-encoding') !== undefined) {
    return refuse(415, 'bad_request', 'Only JSON is taken here.');
  }
  if (length === undefined || !/^\d{1,15}$/.test(length)) {
    return refuse(411, 'bad_request', 'The length of the body must be told.');
  }
  if (Number(length) > limits.bodyBytes)
    return refuse(413, 'request_too_large', 'The body is larger than the limit.');
  return undefined;
}

const isStream = (accept: string | undefined): boolean =>
  accept !== undefined && /\b(?:text\/event-stream|application\/jsonl)\b/i.test(accept);
