import type { ErrorCode } from '@mcp-acp/shared/errors';

/** Of these the record itself is in doubt, so that a person must have seen them before they go on. */
const codes: readonly ErrorCode[] = [
  'audit_tampered',
  'audit_unavailable',
  'journal_unavailable',
  'outcome_unrecorded',
  'records_missing',
];

export const isCritical = (code: string): boolean => (codes as readonly string[]).includes(code);
