/**
 * The text at a stream's end that is written but not yet synced, kept because a failed sync may have dropped its pages:
 * it is then written again at the same place. Sizes are bytes.
 */
export interface UnsyncedRegion {
  readonly bytes: number;
  add(text: string, endPosition: number): void;
  /** Forgets what lies before `position`, which is synced. */
  syncedTo(position: number): void;
  /** All of it, and where it begins. */
  content(): { readonly bytes: Uint8Array; readonly position: number };
}

export function createUnsyncedRegion(startPosition: number): UnsyncedRegion {
  let chunks: { readonly text: string; readonly end: number }[] = [];
  let start = startPosition;
  let end = startPosition;
  return {
    get bytes() {
      return end - start;
    },
    add: (text, endPosition) => {
      chunks.push({ text, end: endPosition });
      end = endPosition;
    },
    syncedTo: (position) => {
      if (position <= start) return;
      start = position;
      chunks = position >= end ? [] : chunks.filter((chunk) => chunk.end > position);
    },
    content: () => ({
      bytes: Buffer.from(chunks.map((chunk) => chunk.text).join(''), 'utf8'),
      position: start,
    }),
  };
}
