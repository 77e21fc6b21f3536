import type { Backend } from '@mcp-acp/config/proxy-config';
import { isSecretName, redacted, redactText } from '@mcp-acp/shared/redaction';
import { visible } from '@mcp-acp/shared/visible';

/** A backend as it may be shown: values that look like secrets are not. */
export const shownBackend = (backend: Backend): Backend => ({
  ...backend,
  args: backend.args.map(redactText),
  env: Object.fromEntries(
    Object.entries(backend.env).map(([name, value]) => [
      name,
      isSecretName(name) ? redacted : redactText(value),
    ]),
  ),
});

/** The command line as one would type it in a shell. */
export function commandLineText({ command, args }: Pick<Backend, 'command' | 'args'>): string {
  return [command, ...args.map(redactText)].map((word) => visible(quoted(word), 500)).join(' ');
}

const quoted = (word: string) =>
  /^[A-Za-z0-9_@%+=:,./~-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
