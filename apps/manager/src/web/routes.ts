import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Caller } from '@mcp-acp/api/caller';
import type { PageCookie } from '@mcp-acp/api/ports/page-cookie';
import { tokenHeader } from '@mcp-acp/api/web-names';
import type { AccessGate } from '../access/open-access.ts';
import { type Answer, refusalOf, text } from './answers.ts';
import { type ApiEndpointOptions, answerOperation } from './api-endpoint.ts';
import type { BoundedConnections } from './bounded-connections.ts';
import { loopback } from './loopback.ts';
import type { ObservedRequest } from './observe-request.ts';
import type { Pages } from './pages.ts';
import { readinessAnswer } from './readiness-answer.ts';
import type { Passed } from './request-gate.ts';
import { securityHeaders } from './security-headers.ts';
import type { SessionCookie } from './session-cookie.ts';
import type { ReadinessReport } from './web-ports.ts';

export interface RouteParts extends ApiEndpointOptions {
  readonly access: AccessGate;
  readonly cookie: SessionCookie;
  readonly pages: Pages;
  readonly connections: BoundedConnections;
  readonly metrics: () => Promise<string>;
  readonly readiness: () => ReadinessReport;
}

export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly passed: Passed;
  readonly observed: ObservedRequest;
}

/** What each place of the server answers to a request that was let pass; undefined where the answer was sent already. */
export function createRoutes(parts: RouteParts) {
  const { access, cookie, pages, connections } = parts;

  const callerOf = ({ header }: Passed, observed: ObservedRequest): Caller => {
    const token = header(tokenHeader);
    const session = token === undefined ? undefined : access.pageOf(cookie.read(header('cookie')), token);
    if (session === undefined) return { kind: 'anonymous' };
    observed.recognised();
    return { kind: 'page', session };
  };

  const cookieOf = (response: ServerResponse, userAgent: string | undefined): PageCookie => ({
    set: (value) => {
      response.setHeader('Set-Cookie', cookie.set(value));
      if (userAgent !== undefined) access.describe(value, userAgent);
    },
    clear: () => void response.setHeader('Set-Cookie', cookie.clear()),
  });

  const metrics = async ({ header }: Passed, observed: ObservedRequest): Promise<Answer> => {
    const [, token] = /^Bearer ([\w-]{1,128})$/.exec(header('authorization') ?? '') ?? [];
    if (token !== undefined && access.mayReadMetrics(token)) {
      observed.recognised();
      return { status: 200, type: 'text/plain; version=0.0.4; charset=utf-8', body: await parts.metrics() };
    }
    const refused = refusalOf({ status: 401, code: 'locked', why: 'A metrics token is needed.' });
    return { ...refused, headers: { 'WWW-Authenticate': 'Bearer' } };
  };

  const page = async ({ host, path, query, header }: Passed): Promise<Answer> => {
    // One origin for all pages: somebody else may listen on the other address that `localhost` stands for.
    if (host.startsWith('localhost')) {
      const place = query.size === 0 ? path : `${path}?${query}`;
      return {
        ...text(307, ''),
        headers: { Location: `http://${host.replace('localhost', loopback)}${place}` },
      };
    }
    const found = pages.find(path);
    if (found === undefined)
      return refusalOf({ status: 404, code: 'not_found', why: 'There is no such page.' });
    const { status, page } = found;
    const { body, encoding } = await page.packed(header('accept-encoding'));
    return {
      status,
      type: page.type,
      body,
      headers: {
        ...securityHeaders({ scripts: page.scripts, styles: page.type.startsWith('text/html') }),
        ...(page.lasting ? { 'Cache-Control': 'private, max-age=31536000, immutable' } : {}),
        ...(encoding === undefined ? {} : { 'Content-Encoding': encoding }),
        Vary: 'Accept-Encoding',
      },
    };
  };

  const operation = async ({ request, response, passed, observed }: Exchange) => {
    const caller = callerOf(passed, observed);
    const release = caller.kind === 'page' ? connections.hold(request.socket) : () => undefined;
    try {
      const who = {
        caller,
        host: passed.host,
        request: observed.id,
        cookie: cookieOf(response, passed.header('user-agent')),
      };
      await answerOperation({ request, response, passed }, who, parts);
    } finally {
      release();
    }
    return undefined;
  };

  return async (exchange: Exchange): Promise<Answer | undefined> => {
    const { passed, observed } = exchange;
    switch (passed.route) {
      case 'health':
        return text(200, 'ok\n');
      case 'ready':
        return readinessAnswer(parts.readiness(), callerOf(passed, observed).kind === 'page');
      case 'metrics':
        return metrics(passed, observed);
      case 'page':
        return page(passed);
      case 'api':
        return operation(exchange);
    }
  };
}
