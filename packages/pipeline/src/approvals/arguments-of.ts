import { memberBytes } from '@mcp-acp/mcp/message';
import { slot } from '@mcp-acp/mcp/strict/slots';
import type { Decided } from '../stages/stage-results.ts';

/** The arguments as JSON text, as they would be sent; of a method without a name, its parameters. */
export function argumentsOf({ classified }: Decided): string {
  const { message } = classified.identified.received;
  const named = classified.access?.request;
  const at = named?.toolName === undefined && named?.promptName === undefined ? slot.params : slot.arguments;
  return memberBytes(message, at)?.toString('utf8') ?? '{}';
}

const mostPreview = 200;

/** Their beginning, and their length in UTF-16 units. */
export function previewOf(decided: Decided): { readonly preview: string; readonly argumentsLength: number } {
  const text = argumentsOf(decided);
  return { preview: text.slice(0, mostPreview), argumentsLength: text.length };
}
