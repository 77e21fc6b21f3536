import type { Sender } from '@mcp-acp/shared/journal-record';
import type { JsonObject } from '@mcp-acp/shared/json';

/** What a backend says about its tool: hints of a hostile party, which can only make a verdict stricter. */
export interface ToolAnnotations {
  readonly readOnlyHint?: boolean;
  readonly destructiveHint?: boolean;
  readonly idempotentHint?: boolean;
  readonly openWorldHint?: boolean;
}

/** A tool as the backend last listed it. */
export interface ToolDescription {
  readonly title?: string;
  readonly annotations?: ToolAnnotations;
}

/** One request that wants something done, with the names already made canonical. */
export interface AccessRequest {
  readonly method: string;
  readonly from: Sender;
  readonly toolName?: string;
  readonly promptName?: string;
  readonly uri?: string;
  /** `tools/call` and `prompts/get`: `params.arguments`; any other method: `params` without `_meta`. */
  readonly arguments?: JsonObject;
  /** Absent when the tool was never listed. */
  readonly tool?: ToolDescription;
  readonly backendId: string;
  readonly backendKind: 'stdio' | 'http';
  readonly subjectId: string;
  readonly client?: string;
  readonly claims?: JsonObject;
}
