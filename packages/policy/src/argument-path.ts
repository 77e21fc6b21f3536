import type { JsonObject, JsonValue } from '@mcp-acp/shared/json';

/** One step into a JSON value: a member, an element, or every member or element. */
export type PathStep = { readonly key: string } | { readonly index: number } | 'every';
export type ArgumentPath = readonly PathStep[];

/** Values one path may select from one call; more is a value nobody can have meant to check one by one. */
const maxSelected = 1024;

/**
 * Reads `options.force`, `files[*].path`, `items[0]` or `["a.b"].c`. Returns a sentence that says what is wrong
 * when the text is not such a path.
 */
export function readArgumentPath(text: string): ArgumentPath | string {
  const steps: PathStep[] = [];
  let at = 0;
  while (at < text.length) {
    if (text[at] === '[') {
      const quoted = text[at + 1] === '"';
      const end = quoted ? text.indexOf('"]', at + 2) : text.indexOf(']', at);
      if (end < 0) return 'A "[" is not closed.';
      const inner = text.slice(at + (quoted ? 2 : 1), end);
      if (quoted) steps.push({ key: inner });
      else if (inner === '*') steps.push('every');
      else if (/^\d{1,6}$/.test(inner)) steps.push({ index: Number(inner) });
      else return `"[${inner}]" is neither a number, "*" nor a quoted name.`;
      at = end + (quoted ? 2 : 1);
      if (at < text.length && text[at] !== '[' && text[at] !== '.')
        return 'After "]" comes ".", "[" or the end.';
    } else {
      const start = text[at] === '.' && steps.length > 0 ? at + 1 : at;
      let end = start;
      while (end < text.length && text[end] !== '.' && text[end] !== '[') end++;
      if (end === start) return 'A name is empty.';
      const name = text.slice(start, end);
      steps.push(name === '*' ? 'every' : { key: name });
      at = end;
      if (at === text.length - 1 && text[at] === '.') return 'A name is empty.';
    }
  }
  return steps.length === 0 ? 'The path is empty.' : steps;
}

/** The values a path selects, and whether there were more than the bound. Own members only. */
export function selectValues(
  root: JsonObject | undefined,
  path: ArgumentPath,
): { readonly values: readonly JsonValue[]; readonly overflow: boolean } {
  let values: JsonValue[] = root === undefined ? [] : [root];
  let overflow = false;
  for (const step of path) {
    const next: JsonValue[] = [];
    for (const value of values) {
      if (value === null || typeof value !== 'object') continue;
      if (step === 'every') {
        for (const member of Object.values(value) as JsonValue[]) {
          if (next.length < maxSelected) next.push(member);
          else overflow = true;
        }
      } else if ('key' in step) {
        if (!Array.isArray(value) && Object.hasOwn(value, step.key)) {
          next.push((value as JsonObject)[step.key] as JsonValue);
        }
      } else if (Array.isArray(value) && step.index < value.length) {
        next.push(value[step.index] as JsonValue);
      }
    }
    values = next;
  }
  return { values, overflow };
}
