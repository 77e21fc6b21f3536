import { visible } from '@mcp-acp/shared/visible';
import { classNames } from './class-names.ts';

/** The only blanks that are left as they are. */
const longBlanks = / {4,}/g;

/** Text of others as it can be shown: what hides is written out, long blanks become their number. */
export const shownText = (text: string, max = 256): string =>
  visible(text, max).replace(longBlanks, (blanks) => ` (${blanks.length} blanks) `);

/** Words of a backend, a client or a model: never markup, of a direction of their own, nothing in them hidden. */
export function ForeignText({
  text,
  max = 256,
  className,
}: {
  readonly text: string;
  /** UTF-16 units; what is longer is cut with a mark. */
  readonly max?: number;
  readonly className?: string;
}) {
  return <bdi className={classNames('[overflow-wrap:anywhere]', className)}>{shownText(text, max)}</bdi>;
}
