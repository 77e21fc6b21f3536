import type { ClientProgram } from '@mcp-acp/admin/client-snippet';
import type { Cli } from './cli.ts';

/** This program, as a client is to start it. */
export const clientProgram = (cli: Cli): ClientProgram => ({
  bin: cli.bin,
  ...((cli.env.MCP_ACP_HOME ?? '') === '' ? {} : { home: cli.barePaths().home }),
});
