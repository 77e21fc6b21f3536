import { AcpError } from '@mcp-acp/shared/errors';
import { type CommandSpec, proxyOption } from '../command-spec.ts';

/** Here for the help alone: the program hands `start` to the proxy before anything of the CLI is loaded. */
export const start: CommandSpec = {
  path: ['start'],
  summary: 'run a proxy on stdin and stdout; MCP clients call this',
  options: [
    proxyOption,
    { flags: '--headless', description: 'never show a dialog or notification of the system' },
  ],
  examples: ['mcp-acp start --proxy files'],
  run() {
    throw new AcpError('usage', '"start" must be the first word.', { fix: 'mcp-acp start --proxy NAME' });
  },
};
