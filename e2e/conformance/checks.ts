import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';

/** One check as a run of the suite judged it. */
export interface Check {
  readonly scenario: string;
  readonly id: string;
  /** Which of the checks with this id in this scenario, from 0. Ids repeat. */
  readonly ordinal: number;
  readonly status: Status;
  readonly detail?: string;
}

export type Status = 'SUCCESS' | 'FAILURE' | 'WARNING' | 'SKIPPED' | 'INFO';

interface WrittenCheck {
  readonly id: string;
  readonly status: Status;
  readonly errorMessage?: string;
}

/** What makes two checks of two runs the same check. */
export const keyOf = ({ scenario, id, ordinal }: Check): string => `${scenario} / ${id} #${ordinal + 1}`;

/** Numbers the checks of one scenario, in the order the suite wrote them. */
export function numbered(scenario: string, written: readonly WrittenCheck[]): readonly Check[] {
  const seen = new Map<string, number>();
  return written.map(({ id, status, errorMessage }) => {
    const ordinal = seen.get(id) ?? 0;
    seen.set(id, ordinal + 1);
    return { scenario, id, ordinal, status, ...(errorMessage === undefined ? {} : { detail: errorMessage }) };
  });
}

/** A folder of the suite is named for its scenario and the time; names of scenarios may hold slashes. */
function scenarioOf(folder: string): string | undefined {
  return /^(?:server-)?(.+)-\d{4}-\d{2}-\d{2}T[\d-]+Z$/.exec(folder.split(sep).join('/'))?.[1];
}

/**
 * Every check that a run left in a folder. A scenario that broke off leaves its folder without checks, and counts as one
 * failed check.
 */
export function readChecks(folder: string): readonly Check[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath ?? dirname(entry.path), entry.name)))
    .flatMap((name) => {
      const scenario = scenarioOf(name);
      if (scenario === undefined) return [];
      const file = join(folder, name, 'checks.json');
      const broken = [{ id: scenario, status: 'FAILURE', errorMessage: 'The scenario broke off.' }] as const;
      return numbered(scenario, existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : broken);
    });
}
