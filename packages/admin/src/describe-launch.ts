import { headerVariable } from '@mcp-acp/config/header-rules';
import type { Backend, HttpBackend, StdioBackend } from '@mcp-acp/config/proxy-config';
import { visible } from '@mcp-acp/shared/visible';
import { launchWarnings } from './launch-warnings.ts';

/**
 * All that a proxy starts or reaches, for a person who decides whether it may. Nothing is shortened or left out, values that
 * look like secrets included: what is not seen cannot be confirmed.
 */
export const launchLines = (backend: Backend): readonly string[] =>
  backend.transport === 'stdio' ? programLines(backend) : urlLines(backend);

function programLines(backend: StdioBackend): readonly string[] {
  const { command, args, cwd, env, inheritEnv } = backend;
  return [
    `Program:   ${whole(command)}`,
    ...args.map((word, index) => `${index === 0 ? 'Arguments:' : '          '} ${whole(word)}`),
    `Folder:    ${cwd === undefined ? 'where the client starts the proxy' : whole(cwd)}`,
    ...Object.entries(env).map(([name, value]) => `Variable:  ${whole(name)} = ${whole(value)}`),
    ...inheritEnv.map((name) => `Variable:  ${whole(name)} (its value comes from the client)`),
    ...launchWarnings(backend).map((warning) => `Beware:    ${warning}`),
  ];
}

const urlLines = ({ transport, url, headers, inheritHeaders }: HttpBackend): readonly string[] => [
  `URL:       ${whole(url)}`,
  `Spoken:    ${transport === 'http' ? 'Streamable HTTP' : 'HTTP+SSE'}`,
  ...Object.entries(headers).map(([name, value]) => `Header:    ${whole(name)}: ${whole(value)}`),
  ...inheritHeaders.map(
    (name) =>
      `Header:    ${whole(name)} (its value comes from the client's variable ${headerVariable(name)})`,
  ),
];

/** One word, told apart from its neighbours. */
function whole(text: string): string {
  const shown = visible(text, Number.POSITIVE_INFINITY);
  return shown === '' || /["'\s\\]/.test(shown) ? JSON.stringify(shown) : shown;
}
