import { visibleJson } from '@mcp-acp/shared/visible';

/** JSON text that is pure JSON and shows what it holds: characters that hide or move text are written as `\uXXXX`. */
export const safeJson = (value: unknown, indent?: number): string =>
  visibleJson(JSON.stringify(value, null, indent) ?? 'null');
