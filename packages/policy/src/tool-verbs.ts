import type { Operation } from './policy.ts';

/**
 * What words of a tool's name do. A word of the first table is a verb wherever it stands; a word of the second is as
 * often a noun (`get_comment`, `list_runs`), and counts only where no verb stands before it in the same clause.
 */
const verbs: ReadonlyMap<string, readonly Operation[]> = table({
  read: 'read get fetch view show cat load head tail stat info describe inspect peek find lookup count retrieve glob grep diff compare preview summarize analyze validate verify',
  list: 'list ls enumerate browse listall dir tree',
  write:
    'write create add edit update insert append modify alter change rename put save upsert mkdir touch make replace patch enable disable assign unassign merge restore revert rollback overwrite mutate configure generate move mv copy cp duplicate sync migrate upload install import set grant approve',
  delete:
    'delete del remove rm rmdir unlink drop purge destroy erase clear truncate trash wipe revoke uninstall prune kill cancel terminate move mv overwrite reset rollback revert detach discard expunge',
  execute: 'execute exec eval evaluate spawn invoke sudo bash powershell launch deploy restart install',
  send: 'send publish post submit broadcast forward notify tweet upload push transfer pay invite deploy sync dispatch',
});
const nounVerbs: ReadonlyMap<string, readonly Operation[]> = table({
  read: 'search query check test scan monitor watch download export open snapshot screenshot read',
  write:
    'comment store commit lock unlock archive format open close reopen label tag star fork file log register download draft schedule book order branch apply subscribe unsubscribe import process',
  delete: 'close archive process',
  execute:
    'run start stop call command shell script terminal test build trigger process apply open navigate click type query',
  send: 'message mail email reply share comment report request answer call order book export pull subscribe',
});
const conjunctions: ReadonlySet<string> = new Set(['and', 'or', 'then', 'plus', 'also', 'with', 'n', '&']);

function table(words: Partial<Record<Operation, string>>): ReadonlyMap<string, readonly Operation[]> {
  const map = new Map<string, Operation[]>();
  for (const [operation, list] of Object.entries(words)) {
    for (const word of list.split(' ')) {
      map.set(word, [...(map.get(word) ?? []), operation as Operation]);
    }
  }
  return map;
}

/** A name's words in lower case: `deleteURLFiles`, `delete-url_files` and `delete.url files` all read alike. */
export function wordsOf(name: string): readonly string[] {
  return name
    .slice(0, 256)
    .replace(/([\p{Ll}\p{N}])(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}&]+/u)
    .filter((word) => word !== '');
}

/** The operations a tool's name names, in a fixed order; empty when no word is a known verb. */
export function operationsOfName(name: string): readonly Operation[] {
  const found = new Set<Operation>();
  let verbSeen = false;
  for (const word of wordsOf(name)) {
    if (conjunctions.has(word)) {
      verbSeen = false;
      continue;
    }
    const strong = verbs.get(word);
    const weak = verbSeen ? undefined : nounVerbs.get(word);
    for (const operation of strong ?? []) found.add(operation);
    for (const operation of weak ?? []) found.add(operation);
    if (strong !== undefined || weak !== undefined) verbSeen = true;
  }
  return [...found];
}

const transferWords: ReadonlySet<string> = new Set(
  'copy cp move mv rename link symlink sync upload download transfer import export duplicate backup restore clone migrate'.split(
    ' ',
  ),
);
/** True for a tool that takes something from one place to another. */
export const isTransferName = (name: string): boolean =>
  wordsOf(name).some((word) => transferWords.has(word));

const networkWords: ReadonlySet<string> = new Set(
  'fetch http https url web api request download upload browser crawl scrape webhook email mail internet online remote curl wget'.split(
    ' ',
  ),
);
export const isNetworkName = (name: string): boolean => wordsOf(name).some((word) => networkWords.has(word));
