import { wordsOf } from './tool-verbs.ts';

/** What an argument's name says about its value. */
export interface NameTraits {
  readonly path: boolean;
  readonly uri: boolean;
  readonly host: boolean;
  readonly text: boolean;
  readonly role?: 'source' | 'dest';
  /** The name says nothing by itself (`name`, `value`): it takes on what its parent's name says. */
  readonly neutral: boolean;
}

const set = (words: string): ReadonlySet<string> => new Set(words.split(' '));
const pathWords = set(
  'path paths file files filename filenames filepath filepaths dir dirs directory directories dirname folder folders cwd pathname pathnames workdir src dst source sources destination destinations dest',
);
const uriWords = set('uri uris url urls href hrefs website webpage endpoint link');
const hostWords = set('host hosts hostname hostnames domain domains');
const textWords = set(
  'content contents body message messages text description comment comments summary note notes title subject markdown html caption snippet',
);
const sourceWords = set('source sources src from origin old');
const destWords = set('destination destinations dest dst to target output new');
/** Last words that make the name about a property of the thing, not the thing. */
const propertyWords = set(
  'type types mime size sizes count mode format formats id ids limit encoding depth length extension extensions owner permissions hash checksum status kind',
);
const neutralWords = set('name value values item items full absolute relative raw');

const nothing: NameTraits = { path: false, uri: false, host: false, text: false, neutral: false };
const known = new Map<string, NameTraits>();

/** Reads an argument's name by its words: `filePath`, `file_path`, `FILE-PATH` alike. */
export function traitsOfName(name: string): NameTraits {
  const cached = known.get(name);
  if (cached !== undefined) return cached;
  const traits = read(name);
  if (known.size >= 4096) known.clear();
  if (name.length <= 128) known.set(name, traits);
  return traits;
}

function read(name: string): NameTraits {
  const words = wordsOf(name);
  const last = words.at(-1);
  if (last === undefined) return nothing;
  const isProperty = words.length > 1 && propertyWords.has(last);
  const isText = textWords.has(last) || (oldOrNew(words) && /^(?:str|string|code|lines?)$/.test(last));
  const isPath = !isProperty && !isText && words.some((word) => pathWords.has(word));
  const isUri = !isProperty && !isText && words.some((word) => uriWords.has(word));
  const role = words.some((word) => sourceWords.has(word))
    ? 'source'
    : words.some((word) => destWords.has(word))
      ? 'dest'
      : undefined;
  return {
    path: isPath,
    uri: isUri,
    host: !isProperty && hostWords.has(last),
    text: isText || (!isPath && !isUri && words.some((word) => textWords.has(word))),
    neutral: neutralWords.has(last),
    ...(role === undefined ? {} : { role }),
  };
}

const oldOrNew = (words: readonly string[]): boolean => words[0] === 'old' || words[0] === 'new';

/** The traits of a member's name inside an object or array that has a name of its own. */
export function nestedTraits(parent: NameTraits, name: string): NameTraits {
  const own = traitsOfName(name);
  if (own.neutral && !own.path && !own.uri && !own.text) return parent;
  if (own.role !== undefined || parent.role === undefined) return own;
  return { ...own, role: parent.role };
}

export const noTraits = nothing;
