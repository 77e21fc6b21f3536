/** What JSON may carry as it is but a terminal must not see: invisible, direction-changing and control characters. */
const hidden = /[\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\u007f-\u009f]/gu;

/** JSON text that is pure JSON and shows what it holds: characters that hide or move text are written as `\uXXXX`. */
export function safeJson(value: unknown, indent?: number): string {
  return (JSON.stringify(value, null, indent) ?? 'null').replace(hidden, (character) =>
    Array.from({ length: character.length }, (_, index) => escaped(character.charCodeAt(index))).join(''),
  );
}

const escaped = (unit: number) => `\\u${unit.toString(16).padStart(4, '0')}`;
