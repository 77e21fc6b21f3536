/** What `mcp-acp debug`, and with it the check of a new server, calls itself as a client. Any other client may say the same. */
export const ownClientName = 'mcp-acp debug';
