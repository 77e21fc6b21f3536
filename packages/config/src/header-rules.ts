import { isJsonObject, type JsonObject } from '@mcp-acp/shared/json';
import { visible } from '@mcp-acp/shared/visible';
import { type SettingProblem, valueAt } from './setting.ts';

/** Set by HTTP or by MCP for each message: one that is given would contradict what is sent. */
const ownedByProtocol: ReadonlySet<string> = new Set([
  'accept',
  'accept-encoding',
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'expect',
  'host',
  'keep-alive',
  'last-event-id',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Why a header cannot have this name, or undefined when it can. A name is a token of RFC 9110, 5.6.2. */
function headerNameProblem(name: string): string | undefined {
  const shown = `"${visible(name, 80)}"`;
  if (!/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,256}$/.test(name)) return `${shown} cannot be the name of a header.`;
  const lower = name.toLowerCase();
  if (ownedByProtocol.has(lower) || lower.startsWith('mcp-')) {
    return `${shown} is set by HTTP or MCP itself and cannot be given.`;
  }
  return undefined;
}

/** Why a header cannot have this value; never quotes it, since it may be a secret. RFC 9110, 5.5. */
export const headerValueProblem = (value: string): string | undefined =>
  /^[\t\x20-\x7e\xa0-\xff]*$/.test(value)
    ? undefined
    : 'its value holds a line end or another character that a header cannot carry';

export function headerProblem(name: string, value: string): string | undefined {
  const problem = headerNameProblem(name);
  if (problem !== undefined) return problem;
  const wrong = headerValueProblem(value);
  return wrong === undefined ? undefined : `${name}: ${wrong}.`;
}

export function inheritedHeaderProblem(name: string): string | undefined {
  const problem = headerNameProblem(name);
  if (problem !== undefined) return problem;
  if (headerVariable(name).startsWith('MCP_ACP_'))
    return 'Variables of mcp-acp itself never reach a backend.';
  return undefined;
}

/** The variable that is read for a header where there is none of exactly its name. */
export const headerVariable = (name: string): string => name.toUpperCase().replaceAll('-', '_');

/** Headers that are there twice: names are equal whatever their case. */
export function headersGivenTwice(value: JsonObject): readonly SettingProblem[] {
  const headers = valueAt(value, ['backend', 'headers']);
  const inherited = valueAt(value, ['backend', 'inheritHeaders']);
  const given = [
    ...Object.keys(headers !== undefined && isJsonObject(headers) ? headers : {}).map((name) => ({
      name,
      path: ['backend', 'headers', name],
      at: 'key' as const,
    })),
    ...(Array.isArray(inherited) ? inherited : []).flatMap((name: unknown, index) =>
      typeof name === 'string'
        ? [{ name, path: ['backend', 'inheritHeaders', index], at: 'value' as const }]
        : [],
    ),
  ];
  const seen = new Set<string>();
  return given.flatMap(({ name, path, at }) => {
    const isNew = !seen.has(name.toLowerCase());
    seen.add(name.toLowerCase());
    if (isNew) return [];
    return [
      { message: `The header "${visible(name, 80)}" is there twice.`, fix: 'Keep one of them.', path, at },
    ];
  });
}
