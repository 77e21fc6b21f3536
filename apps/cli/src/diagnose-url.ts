import type { IncomingMessage } from 'node:http';
import { headerVariable } from '@mcp-acp/config/header-rules';
import { systemErrorCode } from '@mcp-acp/shared/errors';
import { visible } from '@mcp-acp/shared/visible';
import type { UrlWay } from './speak/way.ts';

/** What is wrong with a URL, and what a person can do about it. */
export interface Diagnosis {
  readonly message: string;
  readonly fix: string;
}

/** What one plain request to a URL showed. */
type Sight =
  | { readonly kind: 'no_answer'; readonly code: string | undefined }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'answer'; readonly status: number; readonly type: string; readonly location?: string };

const timeoutMs = 10_000;

/**
 * Looks at a URL that could not be spoken to: one request, of which only the system's error, the status and the kind
 * of content are read. `why` is what is known already, for what this finds nothing wrong with.
 */
export async function diagnoseUrl(way: UrlWay, why: string): Promise<Diagnosis> {
  const sight = await look(way);
  const url = new URL(way.backend.url);
  if (sight.kind === 'timeout') return silent(way, timeoutMs);
  if (sight.kind === 'no_answer') return noAnswer(url, sight.code, why);
  return answered(way, url, { sight, why });
}

export const silent = ({ backend }: UrlWay, waitedMs: number): Diagnosis => ({
  message: `${new URL(backend.url).host} did not answer within ${waitedMs / 1000} s.`,
  fix: 'Is the server up, and is it reached through a proxy or a VPN?',
});

async function look({ backend, headers }: UrlWay): Promise<Sight> {
  const url = new URL(backend.url);
  // Loaded here: no other command speaks HTTP by itself.
  const { request } = url.protocol === 'https:' ? await import('node:https') : await import('node:http');
  const isOlder = backend.transport === 'sse';
  return new Promise((resolve) => {
    const sent = request(url, {
      method: isOlder ? 'GET' : 'POST',
      headers: isOlder
        ? { ...headers, accept: 'text/event-stream' }
        : { ...headers, accept: 'application/json, text/event-stream', 'content-type': 'application/json' },
      agent: false,
    });
    const timer = setTimeout(() => settle({ kind: 'timeout' }), timeoutMs);
    const settle = (sight: Sight): void => {
      clearTimeout(timer);
      sent.destroy();
      resolve(sight);
    };
    sent.on('error', (error) => settle({ kind: 'no_answer', code: systemErrorCode(error) }));
    sent.once('response', ({ statusCode = 0, headers: replied }: IncomingMessage) =>
      settle({
        kind: 'answer',
        status: statusCode,
        type: (replied['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '',
        ...(replied.location === undefined ? {} : { location: replied.location }),
      }),
    );
    // No message at all: whatever listens there must not begin anything for it.
    sent.end(isOlder ? undefined : '{}');
  });
}

const certificateCode = /^(?:ERR_TLS_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_MISMATCH)/;
const handshakeCode = /^(?:ERR_SSL_|EPROTO$)/;

function noAnswer(url: URL, code: string | undefined, why: string): Diagnosis {
  if (code === 'ECONNREFUSED') {
    return {
      message: `Nothing listens at ${url.host}: the connection was refused.`,
      fix: 'Start the server, or correct the port in the URL.',
    };
  }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return {
      message: `There is no host "${url.hostname}", or its name cannot be looked up.`,
      fix: 'Correct the URL; or is the network, or a VPN it needs, down?',
    };
  }
  if (code !== undefined && handshakeCode.test(code)) {
    return {
      message: `${url.host} does not speak TLS.`,
      fix: `Is it plain http? Then write http://${url.host}${url.pathname}.`,
    };
  }
  if (code !== undefined && certificateCode.test(code)) {
    const fix = /EXPIRED|ALTNAME|HOSTNAME/.test(code)
      ? 'Tell whoever runs the server, or write the name the certificate is for.'
      : "Where an authority of your own has signed it, name its certificate in the variable NODE_EXTRA_CA_CERTS, here and in the client's settings.";
    return { message: `The certificate of ${url.host} is not trusted (${code}).`, fix };
  }
  return {
    message: `${url.host} does not answer as an HTTP server does (${code ?? why}).`,
    fix: 'Correct the URL: the port may be that of another service, or the server may want https.',
  };
}

const signInStatuses: readonly number[] = [401, 403, 407];

function answered(
  { backend, headers }: UrlWay,
  url: URL,
  { sight, why }: { readonly sight: Sight & { readonly kind: 'answer' }; readonly why: string },
): Diagnosis {
  const { status, type, location } = sight;
  if (signInStatuses.includes(status)) {
    const inherited = backend.inheritHeaders.map((name) => headerVariable(name)).join(', ');
    return Object.keys(headers).length === 0
      ? {
          message: `The server wants to know who asks (HTTP ${status}).`,
          fix: `Send a token: set AUTHORIZATION="Bearer …" in this shell and add --header Authorization.`,
        }
      : {
          message: `The server does not accept what it was sent (HTTP ${status}).`,
          fix: `Correct the value of ${inherited === '' ? Object.keys(headers).join(', ') : inherited}, or ask whoever runs the server which header it wants (--header NAME).`,
        };
  }
  if (status >= 300 && status < 400) {
    return {
      message: `The server points elsewhere (HTTP ${status}${location === undefined ? '' : `: ${visible(location, 200)}`}).`,
      fix: 'Give that URL, if you trust it: tokens are not sent to where a server points.',
    };
  }
  if (status === 404 || status === 410)
    return wrongPath(url, `There is nothing at ${url.pathname} (HTTP ${status}).`);
  if (status >= 500) {
    return {
      message: `The server itself failed (HTTP ${status}).`,
      fix: 'Look at its log, or try again later.',
    };
  }
  if (type === 'text/html') {
    return wrongPath(url, `A web page answers at ${url.pathname}, no MCP server (HTTP ${status}).`);
  }
  if (status === 405) return wrongPath(url, `What is at ${url.pathname} is no MCP server (HTTP ${status}).`);
  return {
    message: `The server does not speak MCP as expected: ${why}.`,
    fix: 'See what it says, once it is saved: mcp-acp debug list --proxy NAME --direct --trace.',
  };
}

/** Where MCP servers usually listen. */
const usualPaths = ['/mcp', '/sse'] as const;

function wrongPath(url: URL, message: string): Diagnosis {
  const base = `${url.origin}${url.pathname.replace(/\/(?:mcp|sse)?\/?$/, '')}`;
  const others = usualPaths.filter((path) => url.pathname !== path).map((path) => `--url ${base}${path}`);
  return { message, fix: `The path may be another one. Usual: ${others.join(' or ')}.` };
}
