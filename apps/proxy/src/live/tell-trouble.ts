import type { Journal } from '@mcp-acp/audit/journal';
import type { AcpError } from '@mcp-acp/shared/errors';
import { visible } from '@mcp-acp/shared/visible';

/** Says on stderr and in the journal what went wrong beside the session. Never throws. */
export function tellTrouble(journal: Journal, error: AcpError, what: string): void {
  const fix = error.fix === undefined ? '' : ` ${error.fix}`;
  process.stderr.write(`mcp-acp: ${what}: ${visible(error.message, 1024)}${visible(fix, 1024)}\n`);
  try {
    journal.append({ type: 'incident', code: error.code, detail: `${what}: ${visible(error.message)}` });
  } catch {
    // The journal takes nothing; stderr has it.
  }
}
