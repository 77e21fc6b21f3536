declare const MCP_ACP_VERSION: string | undefined;

/** The package's version, written in by the build. */
export const version: string = typeof MCP_ACP_VERSION === 'string' ? MCP_ACP_VERSION : '0.0.0-source';
