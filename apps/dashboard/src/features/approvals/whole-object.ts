import { readOutline } from './json-outline.ts';

/** Whether the text is that of one whole object: one that is cut hides what stands behind. */
export function isWholeObject(json: string): boolean {
  const outline = readOutline(json);
  return outline !== undefined && !outline.cut && outline.root.kind === 'object';
}
