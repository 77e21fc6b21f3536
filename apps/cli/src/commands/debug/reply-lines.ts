import { isJsonObject, type JsonObject, type JsonValue } from '@mcp-acp/shared/json';
import { visible } from '@mcp-acp/shared/visible';
import { safeJson } from '../../output/safe-json.ts';

/** What is shown of one line of a result, in characters; the rest is in `--json`. */
const lineLength = 20_000;

/** A result for a person: contents one after the other, everything else as JSON. */
export function resultLines(result: JsonValue): readonly string[] {
  if (!isJsonObject(result)) return [safeJson(result, 2)];
  if (result.resultType === 'input_required') {
    return [
      'The server asks for more before it answers, which this client does not offer:',
      ...safeJson(result, 2).split('\n'),
    ];
  }
  const parts = result.content ?? result.contents ?? result.messages;
  if (!Array.isArray(parts)) return safeJson(result, 2).split('\n');
  const { structuredContent } = result;
  return [
    ...parts.flatMap((part: JsonValue) => partLines(part)),
    ...(structuredContent === undefined
      ? []
      : ['structured:', ...safeJson(structuredContent, 2).split('\n')]),
  ];
}

/** One content block, one resource's contents, or one message of a prompt. */
function partLines(part: JsonValue): readonly string[] {
  if (!isJsonObject(part)) return [safeJson(part)];
  const { content, resource, text, blob, data, role } = part;
  if (typeof role === 'string' && isJsonObject(content)) {
    return partLines(content).map((line, index) =>
      index === 0 ? `${visible(role, 20)}: ${line}` : `  ${line}`,
    );
  }
  if (isJsonObject(resource)) return [`[${whatOf(part)} ${uriOf(resource)}]`, ...partLines(resource)];
  if (typeof text === 'string') return text.split('\n').map((line) => visible(line, lineLength));
  const encoded = typeof data === 'string' ? data : typeof blob === 'string' ? blob : undefined;
  if (encoded !== undefined) {
    const bytes = Buffer.from(encoded, 'base64').length;
    return [
      `[${[whatOf(part), typeOf(part), uriOf(part)].filter((word) => word !== '').join(' ')}, ${bytes} bytes]`,
    ];
  }
  return [safeJson(part)];
}

const whatOf = ({ type }: JsonObject): string => (typeof type === 'string' ? visible(type, 40) : '');
const typeOf = ({ mimeType }: JsonObject): string =>
  typeof mimeType === 'string' ? visible(mimeType, 80) : '';
const uriOf = ({ uri }: JsonObject): string => (typeof uri === 'string' ? visible(uri, 300) : '');
