import { visibleJson } from '@mcp-acp/shared/visible';

/** JSON to be read and copied: laid out, with nothing in it that hides. */
export const shownJson = (value: unknown): string => visibleJson(JSON.stringify(value, null, 2) ?? '');
