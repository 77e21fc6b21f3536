import { TextPieces } from './text-pieces.tsx';
import type { Named } from './what-it-names.ts';

/** What a question is about, on one line that ends where there is no more room: a path before its file, not in it. */
export function NamedLine({ named: { text, end } }: { readonly named: Named }) {
  return (
    <span className="flex min-w-0 font-mono text-xs text-muted">
      <span className="min-w-0 truncate">
        <TextPieces text={text} part={{ start: 0, end: text.length }} />
      </span>
      {end !== undefined && (
        <span className="max-w-full shrink-0 truncate">
          <TextPieces text={end} part={{ start: 0, end: end.length }} />
        </span>
      )}
    </span>
  );
}
