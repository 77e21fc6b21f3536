import { shownUrl } from '@mcp-acp/config/backend-url';
import { isJsonObject, type JsonObject, type JsonValue } from '@mcp-acp/shared/json';
import { isSecretName, redacted, redactText } from '@mcp-acp/shared/redaction';

/**
 * The value of a setting as it may be shown, or that of the whole file for the key ''. Texts under names that hold
 * secrets, arguments after options of such names, credentials by form, and the values of all headers are replaced.
 */
export function withoutSecrets(value: JsonValue, key = ''): JsonValue {
  if (typeof value === 'string') {
    if (key === 'backend.url') return shownUrl(value);
    return isHeader(key) || isSecretName(key.slice(key.lastIndexOf('.') + 1)) ? redacted : redactText(value);
  }
  if (Array.isArray(value)) return key === 'backend.args' ? argsWithoutSecrets(value) : value.map(each);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value as JsonObject).map(([name, member]) => [
      name,
      withoutSecrets(member, key === '' ? name : `${key}.${name}`),
    ]),
  );
}

/** One header with its value. */
export const isHeader = (key: string): boolean => key.startsWith('backend.headers.');

const each = (item: JsonValue): JsonValue => withoutSecrets(item);

/** `--api-key VALUE`, `--api-key=VALUE` and `API_KEY=VALUE` show the name alone. */
export function argsWithoutSecrets(items: readonly JsonValue[]): JsonValue[] {
  return items.map((item, index) => {
    if (typeof item !== 'string') return each(item);
    const before = items[index - 1];
    const option = typeof before === 'string' ? /^--?([\w.-]+)$/.exec(before)?.[1] : undefined;
    if (option !== undefined && isSecretName(option) && !item.startsWith('-')) return redacted;
    const [, start, name] = /^((?:--?)?([\w.-]+)=)./s.exec(item) ?? [];
    return start !== undefined && name !== undefined && isSecretName(name)
      ? `${start}${redacted}`
      : each(item);
  });
}
