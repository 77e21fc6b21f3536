import { parseArgs } from 'node:util';
import type { MatrixServer } from './matrix-server.ts';
import { matrixServers } from './server-list.ts';

const transports = ['stdio', 'http', 'sse'] as const;
type TransportOption = (typeof transports)[number];

export const usage = `npm run servers [-- options]

  --only NAME       only this server (${matrixServers.map(({ name }) => name).join(', ')}); may be repeated
  --transport T     only over this transport (${transports.join(', ')}); may be repeated
  --json            every row as JSON on stdout

Exit code 1 when anything differs behind the proxy, or a server cannot be compared.
`;

export interface Options {
  readonly servers: readonly MatrixServer[];
  readonly transports: readonly TransportOption[];
  readonly json: boolean;
  readonly help: boolean;
}

/** What was typed. Throws with a sentence for whoever typed it. */
export function parseOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string', multiple: true },
      transport: { type: 'string', multiple: true },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const servers = values.only?.map((name) => {
    const server = matrixServers.find((each) => each.name === name);
    if (server === undefined) throw new Error(`There is no server ${name} here.`);
    return server;
  });
  const chosen = values.transport?.map((name) => {
    const transport = transports.find((each) => each === name);
    if (transport === undefined) throw new Error(`There is no transport ${name}.`);
    return transport;
  });
  return {
    servers: servers ?? matrixServers,
    transports: chosen ?? transports,
    json: values.json,
    help: values.help,
  };
}
