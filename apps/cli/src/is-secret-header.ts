import { isSecretName } from '@mcp-acp/shared/redaction';

/** A header that by its name carries a secret. Wider than names of other kinds: a header named key is hardly ever a key to a map. */
export const isSecretHeader = (name: string): boolean =>
  isSecretName(name) || /auth|token|key|secret|cookie|password/i.test(name);
