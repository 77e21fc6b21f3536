import type { HomePaths } from '@mcp-acp/config/home-paths';
import type { ByteSource } from '@mcp-acp/mcp/stdio/byte-source';

/** What one start of a proxy is given. */
export interface InstanceOptions {
  readonly name: string;
  readonly env: NodeJS.ProcessEnv;
  readonly paths: HomePaths;
  /** Never open anything on a screen, nor start what would. */
  readonly headless: boolean;
  /** Path of the program's own executable, which can be started again as another part of it. */
  readonly program: string;
  /** The client's messages. Read once the policy is in force. */
  readonly input: ByteSource;
}
