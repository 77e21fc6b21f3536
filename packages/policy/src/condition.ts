import type { Facts } from './facts.ts';

/**
 * One condition, asked in four ways, because a rule that opens must be sure and a rule that closes must not be fooled.
 *
 * - `certain`: it holds in every reading, for every operand. Allow rules ask this.
 * - `possible`: it holds in some reading, for some operand or mention. Deny and ask rules ask this.
 * - `certainlyNot`: the fact is there, and it holds in no reading for nothing named. Allow rules ask this inside `not`.
 * - `possiblyNot`: it does not certainly hold. Deny and ask rules ask this inside `not`.
 *
 * A *missing* fact (no tool name, no host, no such argument) makes `certain`, `possible` and `certainlyNot` false and
 * `possiblyNot` true: a condition on a fact the exchange lacks does not match; `not` over it does not open an allow,
 * and it does not shut a deny or ask ("deny unless the client is x" also denies a client that says no name).
 * An *uncertain* fact (unknown verb, a number beyond the safe range, a path nobody could resolve, a bound that was
 * hit) makes `certain` and `certainlyNot` false, `possible` and `possiblyNot` true.
 */
export interface Condition {
  /** As the rule writes it; `arguments.branch` for a check of an argument. */
  readonly name: string;
  /** True where it looks at nothing but the method and the tool's name. */
  readonly fixed: boolean;
  certain(facts: Facts): boolean;
  possible(facts: Facts): boolean;
  certainlyNot(facts: Facts): boolean;
  possiblyNot(facts: Facts): boolean;
}
