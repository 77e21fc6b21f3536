import type { Difference } from './compare.ts';
import type { Row } from './matrix.ts';

const head = [
  'server',
  'version',
  'transport',
  'revision',
  'tools',
  'prompts',
  'resources',
  'templates',
  'answers',
  'smoke call',
  'difference',
] as const;

const count = (value: number | undefined): string => (value === undefined ? '–' : String(value));

function cellsOf(row: Row): readonly string[] {
  const { counts } = row;
  return [
    row.server,
    row.version,
    row.transport,
    row.revision ?? '–',
    count(counts?.['tools/list']),
    count(counts?.['prompts/list']),
    count(counts?.['resources/list']),
    count(counts?.['resources/templates/list']),
    String(row.answers),
    row.smoke,
    row.failure !== undefined ? 'FAILED' : (row.difference?.path ?? 'none'),
  ];
}

/** The matrix as a table in Markdown whose columns line up on a terminal too. */
export function tableOf(rows: readonly Row[]): string {
  const body = rows.map(cellsOf);
  const widths = head.map((title, column) =>
    Math.max(title.length, ...body.map((cells) => cells[column]?.length ?? 0)),
  );
  const lineOf = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`;
  return [lineOf(head), rule, ...body.map(lineOf)].join('\n');
}

/** So much of a text is shown, beginning a little before the place where the two sides part. */
const shownLength = 300;
const lead = 60;

function differenceText({ path, direct = 'nothing', proxied = 'nothing' }: Difference): string {
  let same = 0;
  while (same < direct.length && direct[same] === proxied[same]) same++;
  const from = Math.max(0, same - lead);
  const shown = (text: string): string => `${from > 0 ? '…' : ''}${text.slice(from, from + shownLength)}`;
  return `at ${path}\n    direct   ${shown(direct)}\n    proxied  ${shown(proxied)}`;
}

/** What is wrong, row by row; empty where nothing is. */
export function problemsOf(rows: readonly Row[]): readonly string[] {
  return rows.flatMap((row) => {
    const label = `${row.server} over ${row.transport}`;
    if (row.failure !== undefined) return [`${label} failed ${row.failure}`];
    return row.difference === undefined ? [] : [`${label} differs ${differenceText(row.difference)}`];
  });
}

/** What is not compared, by server: the texts that differ from run to run. */
export function normalisations(rows: readonly Row[]): readonly string[] {
  return [
    ...new Set(rows.flatMap(({ server, normalised }) => normalised.map((what) => `${server}: ${what}`))),
  ];
}
