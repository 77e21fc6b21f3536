import type { Caller } from '@mcp-acp/api/caller';
import type { Connection } from '@mcp-acp/api/connection';
import type { PageCookie } from '@mcp-acp/api/ports/page-cookie';
import type { ErrorCode } from '@mcp-acp/shared/errors';
import type { Route } from './request-gate.ts';

/** What is counted of a request that is over. */
export interface CountedRequest {
  readonly method: string;
  /** Which part of the server it was for. */
  readonly route: Route | 'refused';
  readonly status: number;
  readonly durationMs: number;
}

/** One request that is over. Nothing of it that is secret: no query, no header, no body. */
export interface RequestEntry extends CountedRequest {
  readonly request: string;
  readonly path: string;
  /** Why it was not answered as it asked. */
  readonly code?: ErrorCode;
  readonly why?: string;
}

export interface WebLog {
  /** Every request. */
  counted(request: CountedRequest): void;
  /** Requests of whoever may ask, and of strangers as many as are bearable. */
  request(entry: RequestEntry): void;
  /** So many lines about strangers were left out of late. */
  leftOut(lines: number): void;
  /** What went wrong in here and is nobody's fault but ours. */
  fault(error: unknown, path: string | undefined): void;
}

/** What an operation of the API is given by the door it came through. */
export interface WebConnection {
  readonly caller: Caller;
  readonly connection: Connection;
  /** Over HTTP alone. */
  readonly cookie?: PageCookie;
  readonly host?: string;
  /** What the log calls the request. */
  readonly request?: string;
}

export interface ReadinessCheck {
  readonly ok: boolean;
  readonly detail?: string;
}

/** Whether the manager can do its work. */
export interface ReadinessReport {
  readonly checks: Readonly<Record<'config' | 'database' | 'sockets' | 'journals', ReadinessCheck>>;
  /** Whether each proxy's server can be reached. It counts for nothing in whether the manager is ready. */
  readonly backends: readonly { readonly proxy: string; readonly instance: string; readonly state: string }[];
}
