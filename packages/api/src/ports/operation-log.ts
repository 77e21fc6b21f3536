import type { ErrorCode } from '@mcp-acp/shared/errors';

/** One operation that is over; a subscription that has ended. Nothing of its input but whom it was about. */
export interface OperationEntry {
  /** Leads to the journal record of what the operation changed in a proxy. */
  readonly request: string;
  readonly path: string;
  readonly kind: 'query' | 'mutation' | 'subscription';
  readonly caller: 'anonymous' | 'page' | 'socket';
  /** As over HTTP: 200, 404, … */
  readonly status: number;
  readonly code?: ErrorCode;
  readonly durationMs: number;
  readonly proxy?: string;
}

export interface OperationLog {
  record(entry: OperationEntry): void;
}
