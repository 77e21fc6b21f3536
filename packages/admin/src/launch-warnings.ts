import { basename } from 'node:path';
import type { StdioBackend } from '@mcp-acp/config/proxy-config';

/** Options by which a program takes code from its arguments, or loads some before its own. */
interface Inline {
  readonly short: RegExp;
  readonly long: readonly string[];
}

const inlineOf: readonly (readonly [name: RegExp, inline: Inline])[] = [
  [
    /^(?:ba|da|z|k|mk|fi|a|c|tc)?sh$/,
    { short: /^-[A-Za-z]*c/, long: ['--command', '--rcfile', '--init-file'] },
  ],
  [/^(?:powershell|pwsh)$/, { short: /^-(?:c|e)/i, long: ['--command'] }],
  [/^cmd$/, { short: /^\/[ck]/i, long: [] }],
  [/^(?:python|pypy)[\d.]*w?$/, { short: /^-[A-Za-z]*c/, long: [] }],
  [
    /^(?:node|nodejs|bun|deno|tsx)$/,
    {
      short: /^-[A-Za-z]*[epr]/,
      long: [
        '--eval',
        '--print',
        '--require',
        '--import',
        '--loader',
        '--experimental-loader',
        '--preload',
        'eval',
      ],
    },
  ],
  [/^ruby[\d.]*$/, { short: /^-[A-Za-z]*[er]/, long: [] }],
  [/^perl[\d.]*$/, { short: /^-[A-Za-z]*[eEM]/, long: [] }],
  [/^php[\d.]*$/, { short: /^-[A-Za-z]*[rBRE]/, long: ['--run', '--process-code'] }],
  [/^(?:lua[\d.]*|luajit|osascript|awk|gawk|mawk)$/, { short: /^-[A-Za-z]*e/, long: [] }],
  [/^(?:npx|bunx|pnpx|npm)$/, { short: /^-[A-Za-z]*c/, long: ['--call'] }],
];

/** Programs that fetch one and run it, and by which words of theirs; none: by whatever words. */
const runners: readonly (readonly [name: RegExp, words: RegExp | undefined])[] = [
  [/^(?:npx|bunx|pnpx|uvx|pipx)$/, undefined],
  [/^npm$/, /^(?:exec|x|init|create)\b/],
  [/^(?:pnpm|yarn)$/, /^(?:dlx|create)\b/],
  [/^bun$/, /^(?:x|create)\b/],
  [/^uv$/, /^tool run\b/],
];

/** Programs that run the one their arguments name. */
const wrappers =
  /^(?:env|busybox|toybox|sudo|doas|nice|nohup|timeout|setsid|stdbuf|xargs|ionice|chroot|unshare|command|exec)$/;

/** Variables by which a program is told what to load, or from where. */
const loading =
  /^(?:(?:LD|DYLD|GIT|NODE|NPM_CONFIG|PNPM|YARN|BUN|DENO|PIP|UV|JAVA|JDK_JAVA|DOTNET|CORECLR|GCONV|BUNDLE|LUA)_|PYTHON|PERL|RUBY|GEM_|_JAVA_OPTIONS$|PHP|(?:BASH_)?ENV$|PATH$|ZDOTDIR$|CLASSPATH$|SHELLOPTS$|BASHOPTS$|ELECTRON_RUN_AS_NODE$)/;
/** Those of them which everybody sets, and which load nothing. */
const harmless =
  /^(?:NODE_ENV|NODE_NO_WARNINGS|PYTHON(?:UNBUFFERED|IOENCODING|UTF8|DONTWRITEBYTECODE)|GIT_(?:AUTHOR|COMMITTER)_\w+|GIT_TERMINAL_PROMPT)$/;

/** What makes a command do more than its name says. Warns rather once too often: nothing depends on it but a person. */
export function launchWarnings({ command, args, env, inheritEnv }: StdioBackend): readonly string[] {
  const [program = '', ...words] = unwrapped([command, ...args]);
  const name = nameOf(program);
  const variables = [...Object.keys(env), ...inheritEnv, ...assigned(command, args)].filter((variable) => {
    const known = variable.toUpperCase();
    return loading.test(known) && !harmless.test(known);
  });
  return [
    ...(takesCode(name, words) || isSplit(command, args)
      ? ['the arguments hold a program of their own.']
      : []),
    ...(fetches(name, words) ? ['it fetches a program from the network, whatever version it finds.'] : []),
    ...[...new Set(variables)].map((variable) => `${variable} decides which code is loaded.`),
  ];
}

const nameOf = (program: string): string =>
  basename(program.replaceAll('\\', '/'))
    .toLowerCase()
    .replace(/\.(?:exe|cmd|bat)$/, '');

const isKnown = (program: string): boolean =>
  [...inlineOf, ...runners].some(([name]) => name.test(nameOf(program)));

/** A command without what only starts it: `env A=b sh -c x` is `sh -c x`. */
function unwrapped(words: readonly string[]): readonly string[] {
  if (!wrappers.test(nameOf(words[0] ?? ''))) return words;
  const at = words.findIndex((word, index) => index > 0 && isKnown(word));
  return at < 0 ? words : words.slice(at);
}

/** `env` takes variables, and a whole command line in one word. */
const isEnv = (command: string): boolean => nameOf(command) === 'env';
const isSplit = (command: string, args: readonly string[]): boolean =>
  isEnv(command) && args.some((word) => /^(?:-[A-Za-z]*S|--split-string)/.test(word));
const assigned = (command: string, args: readonly string[]): readonly string[] =>
  isEnv(command) ? args.flatMap((word) => /^([A-Za-z_]\w*)=/.exec(word)?.[1] ?? []) : [];

function takesCode(name: string, words: readonly string[]): boolean {
  const own = ownWords(words);
  return inlineOf.some(
    ([program, { short, long }]) =>
      program.test(name) &&
      own.some(
        (word) => short.test(word) || long.some((option) => word === option || word.startsWith(`${option}=`)),
      ),
  );
}

/** Those before the program's own file, behind which the words are for that. The value of an option is no file. */
function ownWords(words: readonly string[]): readonly string[] {
  const file = words.findIndex((word, index) => !isOption(word) && !isOption(words[index - 1] ?? ''));
  // The first word may be one that says what to do.
  return file < 0 ? words : words.slice(0, file + 1);
}

const isOption = (word: string): boolean => /^[-/+]./.test(word) && !/^\/[^/]{2,}/.test(word);

function fetches(name: string, words: readonly string[]): boolean {
  const said = words.filter((word) => !word.startsWith('-')).join(' ');
  return runners.some(([program, by]) => program.test(name) && (by === undefined || by.test(said)));
}
