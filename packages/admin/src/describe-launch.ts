import { basename } from 'node:path';
import { headerVariable } from '@mcp-acp/config/header-rules';
import type { Backend, HttpBackend, StdioBackend } from '@mcp-acp/config/proxy-config';
import { visible } from '@mcp-acp/shared/visible';

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

const shells = /^(?:ba|da|z|k|fi|a)?sh(?:\.exe)?$/;
const interpreters = /^(?:node|bun|deno|python[\d.]*|ruby|perl|php|osascript)(?:\.exe)?$/;
const runners = /^(?:npx|bunx|pnpx|uvx|pipx)(?:\.cmd)?$/;
const loaders = new Set([
  'NODE_OPTIONS',
  'LD_PRELOAD',
  'LD_LIBRARY_PATH',
  'DYLD_INSERT_LIBRARIES',
  'PYTHONPATH',
  'PATH',
]);

/** What makes a command do more than its name says. */
function launchWarnings({ command, args, env, inheritEnv }: StdioBackend): readonly string[] {
  const name = basename(command);
  const takes = (...options: readonly string[]): boolean =>
    args.some((word) => options.some((option) => word === option || word.startsWith(`${option}=`)));
  const isInline =
    ((shells.test(name) || runners.test(name)) && takes('-c', '--call')) ||
    (interpreters.test(name) && takes('-e', '-c', '-p', '--eval', '--print', '-r', '--require', '--import'));
  const loading = [...Object.keys(env), ...inheritEnv].filter((variable) =>
    loaders.has(variable.toUpperCase()),
  );
  return [
    ...(isInline ? ['the arguments hold a program of their own.'] : []),
    ...(runners.test(name) ? ['it fetches a program from the network, whatever version it finds.'] : []),
    ...loading.map((variable) => `${variable} decides which code is loaded.`),
  ];
}
