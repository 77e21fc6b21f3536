import { memberBytes } from '@mcp-acp/mcp/message';
import { slot } from '@mcp-acp/mcp/strict/slots';
import { membersOf } from '@mcp-acp/shared/json-text';
import { limits } from '@mcp-acp/shared/limits';
import type { Decided } from '../stages/stage-results.ts';

/** The arguments as JSON text, as they would be sent; of a method without a name, its parameters. */
export function argumentsOf({ classified }: Decided): string {
  const { message } = classified.identified.received;
  const named = classified.access?.request;
  const at = named?.toolName === undefined && named?.promptName === undefined ? slot.params : slot.arguments;
  return memberBytes(message, at)?.toString('utf8') ?? '{}';
}

const shownElsewhere = new Set(['name', 'arguments', '_meta']);

/** What is sent besides name, arguments and `_meta`, as it was written, as a card has it. */
export function otherParametersOf({ classified }: Decided): { readonly otherParameters?: string } {
  const { toolName, promptName } = classified.access?.request ?? {};
  if (toolName === undefined && promptName === undefined) return {};
  const params = memberBytes(classified.identified.received.message, slot.params)?.toString('utf8') ?? '{}';
  const others = [...membersOf(params)].filter(([key]) => !shownElsewhere.has(JSON.parse(key)));
  if (others.length === 0) return {};
  const text = `{${others.map(([key, value]) => `${key}:${value}`).join(',')}}`;
  return { otherParameters: text.slice(0, limits.argumentsPage) };
}

const mostPreview = 200;

/** Their beginning, and their length in UTF-16 units. */
export function previewOf(decided: Decided): { readonly preview: string; readonly argumentsLength: number } {
  const text = argumentsOf(decided);
  // A slice would keep all of it in memory for as long as the question is there.
  const preview = Buffer.from(text.slice(0, mostPreview), 'utf16le').toString('utf16le');
  return { preview, argumentsLength: text.length };
}
