import { visible } from '@mcp-acp/shared/visible';

/**
 * What a browser or a person calls something, as it may be shown, in at most so many UTF-16 units: what is made visible
 * takes more room than it did.
 */
export const boundedText = (text: string, most: number): string =>
  visible(text, most)
    .slice(0, most)
    .replace(/[\uD800-\uDBFF]$/, '');
