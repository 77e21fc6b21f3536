import type { StreamPosition } from './chain-check.ts';
import type { StreamProblem } from './read-chain.ts';
import type { LedgerStream } from './verify-ledger.ts';

/**
 * How the end of a stream, read as far as its complete records go, differs from what the ledger says of it. `behind` are
 * the bytes in the file behind them.
 */
export function closingProblem(
  { end, claim }: Pick<LedgerStream, 'end' | 'claim'>,
  at: StreamPosition,
  behind: number,
): StreamProblem | undefined {
  const problem = (why: string): StreamProblem => ({ offset: at.offset, line: at.seq + 1, why });
  if (end === undefined) {
    return claim !== undefined && at.offset < claim.size
      ? problem('records that were there are missing')
      : undefined;
  }
  if (at.offset < end.size) return problem('the stream was longer when it was closed');
  if (at.offset > end.size || behind > 0) return problem('something was added after the stream was closed');
  if (at.seq !== end.lastSeq || at.hash !== end.finalHash) {
    return problem('its records are not those that were there when it was closed');
  }
  return at.ended ? undefined : problem('it does not end with a record that closes it');
}
