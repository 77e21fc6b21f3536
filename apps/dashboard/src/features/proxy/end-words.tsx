import { ForeignText } from '../../components/foreign-text.tsx';
import type { EndSentence } from './ending-words.ts';

/** A sentence about an end, with one full stop. */
export function EndWords({ ours, foreign }: EndSentence) {
  return (
    <>
      {ours}
      {foreign !== undefined && (
        <>
          <ForeignText text={foreign} max={400} />.
        </>
      )}
    </>
  );
}
