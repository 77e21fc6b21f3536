/** Conditions on the words of a record; all that are given must hold. */
export interface WordFilter {
  /** Terms, separated by white space, each of which must occur in a word, in whatever case. */
  readonly text?: string;
  /** The proxy's name. */
  readonly proxy?: string;
  readonly type?: string;
  readonly method?: string;
  readonly tool?: string;
  readonly client?: string;
  /** The rule that decided. */
  readonly rule?: string;
  readonly effect?: string;
  readonly disposition?: string;
  /** Of the outcome. `none`: a decision to pass on whose outcome is not known. */
  readonly status?: string;
}

/** SQL on columns of `shapes`, and the values of its parameters. */
export interface WordCondition {
  readonly sql: string;
  readonly values: readonly string[];
}

const columns = {
  proxy: 'proxy_name',
  type: 'type',
  method: 'method',
  tool: 'tool',
  client: 'client',
  rule: 'decided_by',
  effect: 'effect',
  disposition: 'disposition',
  status: 'status',
} as const;

/** The full-text index knows sequences of three characters; shorter terms are looked for in every shape. */
const leastIndexed = 3;
const mostTerms = 16;

/**
 * The filter as SQL, or undefined where it leaves everything. `indexed`: all shapes are to be found, rather than a few
 * looked at, so the full-text index is used where it can be. Both come to the same.
 */
export function wordCondition(filter: WordFilter, indexed: boolean): WordCondition | undefined {
  const conditions: string[] = [];
  const values: string[] = [];
  for (const [name, column] of Object.entries(columns) as [keyof typeof columns, string][]) {
    const value = filter[name];
    if (value === undefined) continue;
    if (name === 'status' && value === 'none') {
      conditions.push(`type = 'decision' AND disposition = 'forwarded' AND status IS NULL`);
      continue;
    }
    conditions.push(`${column} = ?`);
    values.push(value);
  }
  const terms = (filter.text ?? '').toLowerCase().split(/\s+/);
  for (const term of terms.filter((term) => term !== '').slice(0, mostTerms)) {
    if (term.includes('\0')) {
      // No word holds one, and a query to the index would end there.
      conditions.push('false');
    } else if (indexed && [...term].length >= leastIndexed) {
      conditions.push('id IN (SELECT rowid FROM shapes_text WHERE shapes_text MATCH ?)');
      values.push(`"${term.replaceAll('"', '""')}"`);
    } else {
      conditions.push('instr(words, ?) > 0');
      values.push(term);
    }
  }
  return conditions.length === 0 ? undefined : { sql: conditions.join(' AND '), values };
}
