import type { AcpError } from '@mcp-acp/shared/errors';
import type { End } from './end.ts';

/** How a backend ended: an exit code, a signal, the reason it never ran, or that we let go of it. */
export type BackendExit =
  | { readonly kind: 'exited'; readonly code: number }
  | { readonly kind: 'signalled'; readonly signal: string }
  | { readonly kind: 'not_started'; readonly error: AcpError }
  | { readonly kind: 'closed' };

export const describeExit = (exit: BackendExit): string => {
  switch (exit.kind) {
    case 'exited':
      return `exit code ${exit.code}`;
    case 'signalled':
      return `signal ${exit.signal}`;
    case 'not_started':
      return exit.error.message;
    case 'closed':
      return 'closed';
  }
};

/** The end of a backend, whose life the proxy looks after. */
export interface BackendEnd extends End {
  /** It ends by itself once nothing more is sent to it; one that does not is only let go of. */
  readonly endsWithItsInput: boolean;
  /** Settles once it has ended and its output has been read, and never rejects. */
  readonly exited: Promise<BackendExit>;
  /** Ends it with all that belongs to it: at once, or after a grace period. Settles when it is gone. */
  terminate(graceMs?: number): Promise<BackendExit>;
}
