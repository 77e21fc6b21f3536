import { shownUrl } from '@mcp-acp/config/backend-url';
import { isJsonObject, type JsonObject, type JsonValue } from '@mcp-acp/shared/json';
import { isSecretName, redacted, redactText } from '@mcp-acp/shared/redaction';

/**
 * The value of a setting as it may be shown, or that of the whole file for the key ''. Texts under names that hold
 * secrets, credentials by form, and the values of all headers are replaced.
 */
export function withoutSecrets(value: JsonValue, key = ''): JsonValue {
  if (typeof value === 'string') {
    if (key === 'backend.url') return shownUrl(value);
    return isHeader(key) || isSecretName(key.slice(key.lastIndexOf('.') + 1)) ? redacted : redactText(value);
  }
  if (Array.isArray(value)) return value.map((item: JsonValue) => withoutSecrets(item));
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
