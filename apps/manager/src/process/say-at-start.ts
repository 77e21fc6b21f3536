import { failureOf } from '@mcp-acp/admin/manager-output';
import type { AcpError } from '@mcp-acp/shared/errors';
import { visible } from '@mcp-acp/shared/visible';

/** What a manager says of its start to whoever looks at its output: a person, or the starter that waits for it. */
export interface Announcement {
  ready(facts: { readonly pid: number; readonly port: number; readonly startId: string }): void;
  failed(problem: AcpError): void;
}

export function announce(json: boolean): Announcement {
  // Whoever closes our output does not want to read it; that is no reason to end.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  const line = (value: unknown): void => {
    process.stdout.write(`${JSON.stringify(value)}\n`);
  };
  return {
    ready: (facts) => {
      if (json) return line(facts);
      process.stdout.write(
        `The manager runs (pid ${facts.pid}) on http://127.0.0.1:${facts.port}. Open the dashboard: mcp-acp manager open\n`,
      );
    },
    failed: (problem) => {
      const fix = problem.fix === undefined ? '' : `\n  ${visible(problem.fix, 2_000)}`;
      process.stderr.write(`error: ${visible(problem.message, 2_000)}${fix}\n`);
      if (json) line({ error: failureOf(problem) });
    },
  };
}
