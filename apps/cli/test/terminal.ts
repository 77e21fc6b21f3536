import { spawn } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const bin = realpathSync(fileURLToPath(new URL('../bin/mcp-acp.cjs', import.meta.url)));
const patienceMs = 60_000;

const quoted = (words: readonly string[]): string =>
  words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');

/** `script` gives a program a terminal, and takes its arguments in two ways. */
const inTerminal = (line: string): readonly string[] =>
  process.platform === 'darwin'
    ? ['-q', '/dev/null', '/bin/sh', '-c', line]
    : ['-q', '-e', '-f', '-c', line, '/dev/null'];

/** What a screen shows, of the few sequences a live view uses. */
function createScreen() {
  let rows: string[] = [];
  let at: readonly [row: number, column: number] = [0, 0];
  let isLent = false;
  let hasCursor = true;
  const put = (text: string): void => {
    const [row, column] = at;
    const line = (rows[row] ?? '').padEnd(column);
    rows[row] = line.slice(0, column) + text + line.slice(column + text.length);
    at = [row, column + text.length];
  };
  const sequence = (text: string): void => {
    const [, row = '1', column = '1'] = /^\[([0-9]*);?([0-9]*)H$/.exec(text) ?? [];
    if (text.endsWith('H')) at = [Number(row || 1) - 1, Number(column || 1) - 1];
    else if (text === '[K') rows[at[0]] = (rows[at[0]] ?? '').slice(0, at[1]);
    else if (text === '[J') rows = rows.slice(0, at[0] + 1);
    else if (text === '[?1049h' || text === '[?1049l') {
      isLent = text.endsWith('h');
      rows = [];
    } else if (text === '[?25l' || text === '[?25h') hasCursor = text.endsWith('h');
  };
  return {
    take: (text: string): void => {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what a terminal is told by.
      for (const [part] of text.matchAll(/\u001b(\[[0-9;?]*[A-Za-z]|.)|\r|\n|[^\u001b\r\n]+/gu)) {
        if (part.startsWith('\u001b')) sequence(part.slice(1));
        else if (part === '\r') at = [at[0], 0];
        else if (part === '\n') at = [at[0] + 1, 0];
        else put(part);
      }
    },
    text: () => rows.map((row) => row.trimEnd()).join('\n'),
    isLent: () => isLent,
    hasCursor: () => hasCursor,
  };
}

/** A command of ours with a terminal of its own, at which a test sits as a person would. */
export function openTerminal(
  env: NodeJS.ProcessEnv,
  args: readonly string[],
  { columns = 100, rows = 40 }: { readonly columns?: number; readonly rows?: number } = {},
) {
  // `exec` would leave nobody to say how the terminal was left.
  const line = `stty cols ${columns} rows ${rows}; tty; /bin/sh -c 'echo "pid $$"; exec "$@"' sh ${quoted([process.execPath, bin, ...args])}; code=$?; echo; stty -a | grep -o '[-]*icanon'; exit $code`;
  const child = spawn('script', inTerminal(line), {
    env: { ...env, TERM: 'xterm', SHELL: '/bin/sh', NO_COLOR: '1' },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const screen = createScreen();
  let output = '';
  let code: number | null | undefined;
  let problem = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    output += chunk;
    screen.take(chunk);
  });
  child.stdin.on('error', () => {});
  child.on('error', (error) => {
    problem = `\`script\`, which gives a program a terminal, does not start (install util-linux): ${error.message}`;
    code = null;
  });
  child.on('close', (exit) => {
    code = exit;
  });
  const until = async (what: string, isTrue: () => boolean): Promise<void> => {
    const endsMs = performance.now() + patienceMs;
    while (!isTrue()) {
      if (problem !== '') throw new Error(problem);
      if (code !== undefined || performance.now() > endsMs) {
        throw new Error(
          `${what} ${code === undefined ? 'never came' : 'did not come'}:\n${output.slice(-2_000)}\n--\n${screen.text().slice(-4_000)}`,
        );
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  return {
    output: () => output,
    screen: () => screen.text(),
    isLent: screen.isLent,
    hasCursor: screen.hasCursor,
    /** Waits until the screen shows it now. */
    shows: (what: string | RegExp) =>
      until(String(what), () =>
        typeof what === 'string' ? screen.text().includes(what) : what.test(screen.text()),
      ),
    type: (keys: string) => void child.stdin.write(keys),
    /** Of the command itself. */
    pid: () => Number(/pid ([0-9]+)/.exec(output)?.[1]),
    /** The terminal's own name: `/dev/pts/3`. */
    name: () => /\/dev\/\S+/.exec(output)?.[0] ?? '',
    ended: async (): Promise<number | null> => {
      const endsMs = performance.now() + patienceMs;
      while (code === undefined && performance.now() < endsMs) {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      if (problem !== '') throw new Error(problem);
      if (code === undefined) throw new Error(`It does not end:\n${output.slice(-2_000)}`);
      return code;
    },
    /** What `stty` says of the terminal after the command: whether it takes lines again. */
    takesLines: () => /(?:^|\s)icanon/m.test(output) && !/-icanon/.test(output),
    [Symbol.asyncDispose]: async () => {
      child.stdin.end();
      child.kill('SIGKILL');
    },
  };
}
