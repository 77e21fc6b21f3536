import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { RandomBytes } from '@mcp-acp/shared/ids';

/** What is kept of a secret: enough to know it again, nothing to show it with. */
export type SecretDigest = Buffer;

/** A secret of so many random bytes, as base64url. */
export const newSecret = (random: RandomBytes, bytes: number): string =>
  Buffer.from(random(bytes)).toString('base64url');

/** SHA-256. The secrets are random and long, so that nothing slower is needed to keep them from being guessed. */
export const digestOf = (secret: string): SecretDigest => createHash('sha256').update(secret).digest();

/** HMAC-SHA-256 of a text, with what is kept of a secret as the key. */
export const macOf = (key: SecretDigest, text: string): Buffer =>
  createHmac('sha256', key).update(text).digest();

/** Compares in a time that tells nothing of where the two differ. */
export const isSame = (one: SecretDigest, other: SecretDigest): boolean =>
  one.length === other.length && timingSafeEqual(one, other);
