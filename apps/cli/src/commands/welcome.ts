import { proxyNames } from '@mcp-acp/config/proxy-config';
import type { CommandSpec } from '../command-spec.ts';
import { waitingLines } from '../live/figures.ts';
import { readLiveState } from '../live/live-state.ts';

/** What `mcp-acp` alone says: the way to a first proxy, and where one stands on it. */
export const welcome: CommandSpec = {
  path: ['mcp-acp'],
  summary: 'show the way',
  examples: ['mcp-acp'],
  async run(cli) {
    const { bold, dim, green } = cli.style;
    const paths = cli.paths();
    const names = proxyNames(paths);
    const live = [...(await readLiveState(paths, names)).instances.values()];
    const done = (text: string) => (names.length > 0 ? `${green('✓')} ${text}` : `  ${text}`);
    return {
      data: {
        version: cli.version,
        proxies: names,
        pending: live.reduce((total, { pending }) => total + pending, 0),
        steps: [
          { command: 'mcp-acp proxy add NAME -- COMMAND ARGS…', done: names.length > 0 },
          { command: 'mcp-acp install mcp-json' },
          { command: 'mcp-acp logs list' },
          { command: 'mcp-acp approvals watch' },
        ],
      },
      text: [
        `${bold('mcp-acp')} ${cli.version} decides and records what agents do with your MCP servers.`,
        '',
        done(`1. Put a proxy in front of a server:  ${bold('mcp-acp proxy add NAME -- COMMAND ARGS…')}`),
        ...(names.length > 0 ? [dim(`     you have: ${names.join(', ')}`)] : []),
        `  2. Paste its entry into your client:  ${bold('mcp-acp install mcp-json')}`,
        '  3. Restart the client.',
        `  4. Watch what happens:                ${bold('mcp-acp logs list')}`,
        `  5. Answer what needs a person:        ${bold('mcp-acp approvals watch')}`,
        '',
        'All commands: mcp-acp --help',
      ],
      notes: waitingLines(live),
    };
  },
};
