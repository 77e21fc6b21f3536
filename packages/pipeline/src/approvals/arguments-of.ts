import { memberBytes, memberValue } from '@mcp-acp/mcp/message';
import { slot } from '@mcp-acp/mcp/strict/slots';
import { isJsonObject } from '@mcp-acp/shared/json';
import { limits } from '@mcp-acp/shared/limits';
import type { Decided } from '../stages/stage-results.ts';

/** The arguments as JSON text, as they would be sent; of a method without a name, its parameters. */
export function argumentsOf({ classified }: Decided): string {
  const { message } = classified.identified.received;
  const named = classified.access?.request;
  const at = named?.toolName === undefined && named?.promptName === undefined ? slot.params : slot.arguments;
  return memberBytes(message, at)?.toString('utf8') ?? '{}';
}

/** What is sent besides name, arguments and `_meta`, as a card has it. */
export function otherParametersOf({ classified }: Decided): { readonly otherParameters?: string } {
  const { toolName, promptName } = classified.access?.request ?? {};
  if (toolName === undefined && promptName === undefined) return {};
  const params = memberValue(classified.identified.received.message, slot.params);
  if (!isJsonObject(params)) return {};
  const { name, arguments: given, _meta, ...others } = params;
  if (Object.keys(others).length === 0) return {};
  return { otherParameters: JSON.stringify(others).slice(0, limits.argumentsPage) };
}

const mostPreview = 200;

/** Their beginning, and their length in UTF-16 units. */
export function previewOf(decided: Decided): { readonly preview: string; readonly argumentsLength: number } {
  const text = argumentsOf(decided);
  return { preview: text.slice(0, mostPreview), argumentsLength: text.length };
}
