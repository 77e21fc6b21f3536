import { isJsonObject, type JsonObject, type JsonValue } from '@mcp-acp/shared/json';
import { isSecretName, redacted, redactText } from '@mcp-acp/shared/redaction';

/** A value as it may be shown: texts under names that hold secrets, and credentials by form, are replaced. */
export function withoutSecrets(value: JsonValue): JsonValue {
  if (typeof value === 'string') return redactText(value);
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (!isJsonObject(value)) return value;
  const shown: Record<string, JsonValue> = {};
  for (const [name, member] of Object.entries(value as JsonObject)) {
    shown[name] = typeof member === 'string' && isSecretName(name) ? redacted : withoutSecrets(member);
  }
  return shown;
}
