import type { Caller } from './caller.ts';
import type { Connection } from './connection.ts';
import type { Forward } from './ports/forward.ts';
import type { InstancePort } from './ports/instance.ts';
import type { ManagerPorts } from './ports/manager-ports.ts';
import type { OperationLog } from './ports/operation-log.ts';
import type { PageCookie } from './ports/page-cookie.ts';

/** Where the live state of a proxy is: in this process, or behind the socket of the instance that has it. */
export type LiveState =
  | {
      readonly at: 'here';
      readonly instance: InstancePort;
      /** Throws AcpError where an operation is about another proxy or another instance of it. */
      readonly check?: (target: { readonly proxy: string; readonly instance?: string | undefined }) => void;
    }
  | { readonly at: 'elsewhere'; readonly forward: Forward };

/** What every operation is given. One is made per connection, or per request over HTTP. */
export interface ApiContext {
  readonly caller: Caller;
  readonly connection: Connection;
  readonly live: LiveState;
  /** Absent in a proxy, which serves the branch of its live state alone. */
  readonly manager?: ManagerPorts | undefined;
  /** Where a page keeps its half of a session; HTTP alone. */
  readonly cookie?: PageCookie | undefined;
  /** The name and port under which the caller has reached us, which the door has checked; HTTP alone. */
  readonly host?: string | undefined;
  /** The operation's name where the door has given it one already; else it gets one. */
  readonly request?: string | undefined;
  /** Told of every operation when it is over. */
  readonly operations?: OperationLog | undefined;
}
