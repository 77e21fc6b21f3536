import { AcpError } from '@mcp-acp/shared/errors';

export interface ImportedPolicy {
  readonly text: string;
  readonly rules: number;
  readonly notes: readonly string[];
}

export function importNexusPolicy(_json: string): ImportedPolicy {
  throw new AcpError('usage', 'This is no policy of mcp-acp-nexus.');
}
