import { existsSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { isReadableOnTheWay, shownUrl } from '@mcp-acp/config/backend-url';
import { isSecretName, redactText } from '@mcp-acp/shared/redaction';
import { visible } from '@mcp-acp/shared/visible';
import { isSecretHeader } from '../../is-secret-header.ts';
import { type CommandDraft, splitEntries, type UrlDraft } from './proxy-draft.ts';

/** Warnings about what will be saved: secrets in the file, paths and URLs that mean less than one may think. */
export const draftNotes = (server: CommandDraft | UrlDraft): readonly string[] =>
  server.kind === 'command'
    ? [...secretsIn(server), ...relativePaths(server)]
    : [...secretHeaders(server), ...urlNotes(server)];

function secretsIn({ env, commandLine }: CommandDraft): readonly string[] {
  const { values } = splitEntries(env);
  const notes = Object.entries(values)
    .filter(([name, value]) => value !== '' && (isSecretName(name) || redactText(value) !== value))
    .map(
      ([name]) =>
        `warning: ${name} looks like a secret and is stored in config.json as it is. Use --env ${name} to take its value from the client.`,
    );
  if (commandLine.some((word) => redactText(word) !== word)) {
    notes.push('warning: an argument looks like a secret and is stored in config.json as it is.');
  }
  return notes;
}

/** Paths that mean another file, or none, wherever the client starts the proxy. */
function relativePaths({ cwd, commandLine }: CommandDraft): readonly string[] {
  if (cwd !== undefined) return [];
  return commandLine
    .slice(1)
    .filter((word) => /[./]/.test(word) && !word.startsWith('-') && !isAbsolute(word) && existsSync(word))
    .map(
      (word) =>
        `warning: "${visible(word, 200)}" is relative to this folder, and clients start proxies elsewhere. Write the whole path, or add: --cwd ${process.cwd()}`,
    );
}

const secretHeaders = ({ headers }: UrlDraft): readonly string[] =>
  Object.entries(splitEntries(headers).values)
    .filter(([name, value]) => value !== '' && (isSecretHeader(name) || redactText(value) !== value))
    .map(
      ([name]) =>
        `warning: ${name} looks like a secret and is stored in config.json as it is. Use --header ${name} to take its value from the client.`,
    );

const urlNotes = ({ url }: UrlDraft): readonly string[] => [
  ...(isReadableOnTheWay(url)
    ? [
        `warning: what is sent to ${new URL(url).host} is not encrypted, tokens included. Use https where the server has it.`,
      ]
    : []),
  ...(shownUrl(url) === url
    ? []
    : [
        'warning: the URL holds what looks like a secret and is stored in config.json as it is. Where the server takes it as a header, use --header.',
      ]),
];
