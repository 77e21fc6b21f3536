import { AcpError } from '@mcp-acp/shared/errors';

/** What a start of a switched-off proxy, and every request to a running one, is answered with. */
export const proxyDisabled = (name: string): AcpError =>
  new AcpError('proxy_disabled', `"${name}" is switched off.`, {
    fix: `Switch it on: mcp-acp proxy enable ${name}`,
  });
