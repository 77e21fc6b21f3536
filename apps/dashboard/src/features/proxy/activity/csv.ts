import type { HistoryRecord } from '../answers.ts';

/** The columns of an exported table, in this order. */
export const csvColumns = [
  'time',
  'proxy',
  'instance',
  'seq',
  'type',
  'event',
  'from',
  'class',
  'method',
  'tool',
  'prompt',
  'client',
  'subject',
  'effect',
  'disposition',
  'decidedBy',
  'reason',
  'status',
  'outcomeReason',
  'state',
  'detail',
  'requestId',
  'size',
  'outcomeSize',
  'evalMs',
  'waitMs',
  'durationMs',
  'backendMs',
  'decision',
  'outcome',
  'hash',
] as const satisfies readonly (keyof HistoryRecord)[];

/** Spreadsheets take a cell that begins like this for a formula, whose text came from a backend or a client. */
const likeFormula = /^[=+\-@\t\r\n|%\uFF0B\uFF0D\uFF1D\uFF20]/;
const mustBeQuoted = /[",\r\n;\t]/;

/** One value as a cell: numbers as they are, text so that no spreadsheet runs it. */
export function csvCell(value: string | number | undefined): string {
  if (value === undefined) return '';
  if (typeof value === 'number') return String(value);
  // Invisible characters in front of it do not keep a spreadsheet from seeing the formula behind them.
  const begins = value.replace(/^[\s\p{Cf}\p{Cc}]+/u, '');
  const isSafe = !likeFormula.test(value) && !likeFormula.test(begins);
  const text = isSafe ? value : `'${value}`;
  return isSafe && !mustBeQuoted.test(text) ? text : `"${text.replaceAll('"', '""')}"`;
}

export const csvHeader = `${csvColumns.join(',')}\r\n`;

export const csvLine = (record: HistoryRecord): string =>
  `${csvColumns.map((column) => csvCell(record[column])).join(',')}\r\n`;
