import type { JsonValue } from './json.ts';

/** What stands in the place of a secret. */
export const redacted = '[redacted]';

const secretWord =
  /^(?:pass(?:word|wd|phrase|code)?|pwd|secrets?|tokens?|api ?keys?|private ?keys?|access ?keys?|auth(?:orization)?|credentials?|cookies?|set ?cookie|session ?id|otp|pin|ssn|cvv|bearer|signature|client ?secret|connection ?string|dsn)$/;

/** Members of the protocol itself whose names only sound like secrets: a progress token is a number that says which call. */
const protocolNames: ReadonlySet<string> = new Set(['progressToken']);

/** A name (argument, header, environment variable) that by its words holds a secret: `apiKey`, `X-Auth-Token`, `DB_PASSWORD`. */
export function isSecretName(name: string): boolean {
  const known = secretNames.get(name);
  if (known !== undefined) return known;
  if (protocolNames.has(name)) return false;
  const words = name
    .slice(0, 128)
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
  const secret = words.some(
    (word, index) => secretWord.test(word) || secretWord.test(`${word} ${words[index + 1] ?? ''}`),
  );
  if (secretNames.size < 4096) secretNames.set(name, secret);
  return secret;
}
const secretNames = new Map<string, boolean>();

/**
 * Values that are secrets by their form. Each alternative starts with a literal and has no nested repetition, so the
 * time is linear in the text.
 */
const secretValue =
  /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[^-]*(?:-----END [A-Z ]{0,40}PRIVATE KEY-----)?|\b(?:sk|pk|rk)[-_](?:[a-z]{2,10}[-_])?[A-Za-z0-9_-]{16,200}|\bgh[pousr]_[A-Za-z0-9]{20,255}|\bgithub_pat_[A-Za-z0-9_]{20,255}|\bglpat-[A-Za-z0-9_-]{16,100}|\bxox[abeoprs]-[A-Za-z0-9-]{10,250}|\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|\bAIza[A-Za-z0-9_-]{30,50}|\bya29\.[A-Za-z0-9_-]{20,500}|\bnpm_[A-Za-z0-9]{30,50}|\beyJ[A-Za-z0-9_-]{8,4096}\.[A-Za-z0-9_-]{8,8192}\.[A-Za-z0-9_-]{8,4096}|\b(?:Bearer|Basic) [A-Za-z0-9+/=._~-]{12,4096}|:\/\/[^\s/:@]{0,128}:[^\s/@]{1,256}@/g;

/** Text with everything in it that looks like a credential replaced. Shorter than 16 characters is never a credential by form. */
export function redactText(text: string): string {
  if (text.length < 16) return text;
  return text.replace(secretValue, (match) => (match.startsWith('://') ? `://${redacted}@` : redacted));
}

/**
 * JSON text of `value` with secrets replaced: whole values under names that hold secrets, credentials by form
 * elsewhere. One walk, no copy of the value.
 */
export function redactedJson(value: JsonValue): string {
  if (typeof value === 'string') return JSON.stringify(redactText(value));
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) {
    let text = '[';
    for (let index = 0; index < value.length; index++) {
      text += `${index === 0 ? '' : ','}${redactedJson(value[index] as JsonValue)}`;
    }
    return `${text}]`;
  }
  let text = '{';
  let separator = '';
  for (const key in value) {
    const member = (value as Record<string, JsonValue>)[key] as JsonValue;
    const shown =
      isSecretName(key) && member !== null && typeof member !== 'boolean'
        ? `"${redacted}"`
        : redactedJson(member);
    text += `${separator}${JSON.stringify(redactText(key))}:${shown}`;
    separator = ',';
  }
  return `${text}}`;
}
