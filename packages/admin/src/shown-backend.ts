import { shownUrl } from '@mcp-acp/config/backend-url';
import { headerVariable } from '@mcp-acp/config/header-rules';
import type { Backend, StdioBackend } from '@mcp-acp/config/proxy-config';
import { isSecretName, redacted, redactText } from '@mcp-acp/shared/redaction';
import { visible } from '@mcp-acp/shared/visible';
import { argsWithoutSecrets } from './config-without-secrets.ts';

/** A backend as it may be shown: values that look like secrets are not, and no header's value is. */
export function shownBackend(backend: Backend): Backend {
  if (backend.transport !== 'stdio') {
    return {
      ...backend,
      url: shownUrl(backend.url),
      headers: Object.fromEntries(Object.keys(backend.headers).map((name) => [name, redacted])),
    };
  }
  return {
    ...backend,
    args: argumentsOf(backend),
    env: Object.fromEntries(
      Object.entries(backend.env).map(([name, value]) => [
        name,
        isSecretName(name) ? redacted : redactText(value),
      ]),
    ),
  };
}

/** What stands behind a proxy in one line: its command line, or its URL. */
export const backendText = (backend: Backend): string =>
  backend.transport === 'stdio' ? commandLineText(backend) : visible(shownUrl(backend.url), 500);

/** The command line as one would type it in a shell. */
export function commandLineText({ command, args }: Pick<StdioBackend, 'command' | 'args'>): string {
  return [command, ...argumentsOf({ args })].map((word) => visible(quoted(word), 500)).join(' ');
}

const argumentsOf = ({ args }: Pick<StdioBackend, 'args'>): readonly string[] =>
  argsWithoutSecrets(args).map(String);

const quoted = (word: string) =>
  /^[A-Za-z0-9_@%+=:,./~-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;

/** A variable that the client must give the proxy, and what its value is, as a phrase. */
export interface ClientVariable {
  readonly name: string;
  readonly meaning: string;
}

export const clientVariables = (backend: Backend): readonly ClientVariable[] =>
  backend.transport === 'stdio'
    ? backend.inheritEnv.map((name) => ({ name, meaning: `the value of ${name}` }))
    : backend.inheritHeaders.map((name) => ({
        name: headerVariable(name),
        meaning: `the value of the header ${name}`,
      }));
