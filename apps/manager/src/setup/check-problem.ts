import type { CheckedServer } from '@mcp-acp/api/ports/proxies';
import { type ErrorCode, errorTable } from '@mcp-acp/shared/errors';
import { isJsonObject, type JsonObject, type JsonValue } from '@mcp-acp/shared/json';

/** Of a text of the server, UTF-16 units. */
const mostText = 4_096;

export const textOf = (value: JsonValue | undefined): string | undefined =>
  typeof value === 'string' ? value.slice(0, mostText) : undefined;

/**
 * Why a server could not be asked, and what to do about it, for a person who reads it in a page: of what the command
 * printed its words for a terminal are left out.
 */
export function checkProblem(error: JsonObject): Pick<CheckedServer, 'problem' | 'fix'> {
  const reason = textOf(error.reason);
  if (reason === undefined) {
    const fix = textOf(error.fix);
    return {
      problem: textOf(error.message) ?? 'The server could not be asked.',
      ...(fix === undefined ? {} : { fix }),
    };
  }
  const said = sentence(forPeople(reason.replace(ownPrefix, ''), codeIn(error)));
  const wrote = Array.isArray(error.wrote)
    ? error.wrote.filter((line) => typeof line === 'string' && line !== '')
    : [];
  return {
    problem: `${said}${wrote.length === 0 ? '' : ` It wrote: ${wrote.join(' | ')}`}`.slice(0, mostText),
    fix: fixOf(error),
  };
}

/** What our proxy puts before each refusal, for an agent: who speaks, and of which method. */
const ownPrefix = /^mcp-acp: [a-z/]{1,40}: /;

/**
 * What our proxy says to an agent, for a person: of a server they have just named, without advice on what to do with a call.
 * Words of anybody else stay as they are.
 */
function forPeople(text: string, code: ErrorCode | undefined): string {
  const words = code === undefined ? undefined : plainly[code];
  if (code === undefined || words === undefined) return text;
  const title = `${errorTable[code].title.slice(0, -1)}: `;
  if (!text.startsWith(title)) return text;
  const [detail = ''] = text.slice(title.length).split(/[.] /);
  return `${words}: ${detail}`;
}

const plainly: Partial<Record<ErrorCode, string>> = {
  backend_exited: 'The server ended before it answered',
  backend_unreachable: 'The server cannot be reached',
};

/** A sentence, with one full stop where others put two. */
function sentence(text: string): string {
  const once = text.trim().replace(/(?<=[\w"'`)\]])\.\.(?=\s|$)/g, '.');
  const whole = /[.?!…]$/.test(once) ? once : `${once}.`;
  return whole.charAt(0).toUpperCase() + whole.slice(1);
}

/** How a command is changed stands beside it on the page. */
function fixOf(error: JsonObject): string {
  const code = codeIn(error);
  if (code !== undefined && fixes[code] !== undefined) return fixes[code];
  return code === undefined && isJsonObject(error.peer)
    ? 'The server itself answered that. Give it what it asks for, then check again.'
    : 'Put that right, then check again.';
}

/** Of our own table; undefined where what was answered is an error of the server itself. */
function codeIn({ code, peer }: JsonObject): ErrorCode | undefined {
  if (!isJsonObject(peer)) return isKnown(code) ? code : undefined;
  const told = isJsonObject(peer.data) ? peer.data.code : undefined;
  return isKnown(told) ? told : undefined;
}

const isKnown = (code: JsonValue | undefined): code is ErrorCode =>
  typeof code === 'string' && Object.hasOwn(errorTable, code);

const fixes: Partial<Record<ErrorCode, string>> = {
  backend_not_started: 'Correct the command, then check again.',
  backend_exited:
    'Run its command in a terminal to see what it lacks: an argument, say, or a variable. Correct it, then check again.',
  backend_timeout:
    'Check again: a server that is fetched first takes longer the first time. If it stays so, run its command in a terminal.',
  backend_unreachable: 'Start the server, or correct its URL, then check again.',
  config_invalid:
    "A check has nothing of your client's settings. Put there what is missing, and see in the client whether it works.",
};
