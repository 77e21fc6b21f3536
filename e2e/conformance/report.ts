import type { LeftOut } from './client-way.ts';
import type { Count, Difference } from './compare.ts';
import type { LegResult } from './measure.ts';

/** A table in Markdown whose columns line up on a terminal too. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((cell, column) =>
    Math.max(cell.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const lineOf = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [
    lineOf(head),
    `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`,
    ...rows.map(lineOf),
  ].join('\n');
}

const shown = (count: Count | undefined): string =>
  count === undefined ? '–' : `${count.passed} passed, ${count.failed} failed`;

const listed = (title: string, differences: readonly Difference[]): readonly string[] =>
  differences.length === 0
    ? []
    : [
        [
          title,
          ...differences.map(({ check, before, after, detail }) => {
            const why = detail === undefined ? '' : `\n      ${detail.split('\n')[0]}`;
            return `  - ${check}: ${before} → ${after}${why}`;
          }),
        ].join('\n'),
      ];

/** Scenarios that were not run, under the reason they share. */
function leftOut(title: string, scenarios: readonly LeftOut[]): readonly string[] {
  const reasons = [...new Set(scenarios.map(({ why }) => why))];
  return reasons.length === 0
    ? []
    : [
        [
          title,
          ...reasons.map((reason) => {
            const names = scenarios.filter(({ why }) => why === reason).map(({ scenario }) => scenario);
            return `  - ${reason}:\n      ${names.join('\n      ')}`;
          }),
        ].join('\n'),
      ];
}

/** Whether the proxy lost nothing. */
export const isTransparent = (results: readonly LegResult[]): boolean =>
  results.every(({ lost }) => lost.length === 0);

/** The whole run as text. */
export function report(results: readonly LegResult[], suiteVersion: string): string {
  const rows = results.map(({ leg, revision, counts, lost }) => [
    revision,
    leg,
    shown(counts.plain),
    shown(counts.direct),
    shown(counts.proxied),
    lost.length === 0 ? 'none' : String(lost.length),
  ]);
  const lists = results.flatMap((result) => {
    const where = `(${result.revision}, ${result.leg})`;
    return [
      ...listed(`Lost behind the proxy ${where}:`, result.lost),
      ...listed(`Lost behind the proxy once, not when repeated ${where}:`, result.unsteady),
      ...listed(`Lost by the bridge itself, with and without the proxy ${where}:`, result.lostByBridge),
      ...leftOut(`Says nothing about a relay ${where}:`, result.leftOut),
    ];
  });
  const verdict = isTransparent(results)
    ? 'Every check that passes directly passes behind the proxy.'
    : 'The proxy is not transparent: see the lists.';
  return [
    `@modelcontextprotocol/conformance ${suiteVersion}; checks, not scenarios`,
    table(['revision', 'leg', 'plain HTTP', 'direct', 'behind the proxy', 'lost'], rows),
    ...lists,
    verdict,
    '',
  ].join('\n\n');
}
