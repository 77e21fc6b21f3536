import { type AcpError, asAcpError } from '@mcp-acp/shared/errors';

/**
 * The edge between a session and its live state, which is there for those who watch: what is called across it, by the
 * journal, a timer or a connection, may fail and takes nobody with it. Each such call is made here by name. What escapes
 * anywhere else is a fault of the session and ends it: whose fault an exception is cannot be told by looking at it.
 */
export interface LiveGuard {
  /** Never throws. */
  run(task: () => void): void;
  /** Tells of what went wrong, unless it is what was told last. Never throws. */
  tell(error: unknown): void;
}

/** What goes wrong with every record does so many times a second, perhaps in other words each time. */
const mostTold = 16;

export function createLiveGuard(by: (error: AcpError) => void): LiveGuard {
  let last: string | undefined;
  let told = 0;

  const tell = (thrown: unknown): void => {
    const error = asAcpError(thrown);
    const text = `${error.code} ${error.message}`;
    if (text === last || told === mostTold) return;
    last = text;
    told++;
    try {
      by(error);
    } catch {
      // Nobody can be told.
    }
  };

  return {
    run: (task) => {
      try {
        task();
      } catch (error) {
        tell(error);
      }
    },
    tell,
  };
}
