import { AcpError } from '@mcp-acp/shared/errors';
import { headerValueProblem, headerVariable } from './header-rules.ts';
import type { HttpBackend } from './proxy-config.ts';

/** The variable a header's value is taken from: of exactly its name, else of its name in capitals with `_` for `-`. */
const valueFor = (
  name: string,
  env: NodeJS.ProcessEnv,
): { readonly variable: string; readonly value: string | undefined } => {
  const own = env[name];
  return own === undefined
    ? { variable: headerVariable(name), value: env[headerVariable(name)] }
    : { variable: name, value: own };
};

/**
 * The headers of every request to a backend: those its configuration gives, and those whose values the environment
 * gives. Throws AcpError('config_invalid') naming the variable that is missing, empty or no value for a header.
 */
export function backendHeaders(
  { headers, inheritHeaders }: Pick<HttpBackend, 'headers' | 'inheritHeaders'>,
  env: NodeJS.ProcessEnv,
): Record<string, string> {
  const inherited = inheritHeaders.map((name): [string, string] => {
    const { variable, value } = valueFor(name, env);
    const text = value?.trim() ?? '';
    if (text === '') {
      throw new AcpError(
        'config_invalid',
        `The header "${name}" is taken from ${variable}, which is not set.`,
        {
          fix: `Put ${variable} into "env" of this proxy's entry in the client's settings.`,
        },
      );
    }
    const problem = headerValueProblem(text);
    if (problem !== undefined) {
      throw new AcpError('config_invalid', `The header "${name}" is taken from ${variable}, but ${problem}.`);
    }
    return [name, text];
  });
  return Object.fromEntries([...Object.entries(headers), ...inherited]);
}
