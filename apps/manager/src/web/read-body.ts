import type { IncomingMessage } from 'node:http';
import { AcpError } from '@mcp-acp/shared/errors';

/**
 * The body as text. Its length was told and is within the limit; Node reads no more than was told. Throws
 * AcpError('bad_request') where it is cut short, comes too slowly, or is no UTF-8.
 */
export function readBody(request: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const cut = (): void => reject(new AcpError('bad_request', 'The body ended early.'));
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.once('end', () => {
      try {
        resolve(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.concat(chunks)));
      } catch {
        reject(new AcpError('bad_request', 'The body is not valid UTF-8.'));
      }
    });
    request.once('error', cut);
    request.once('close', cut);
  });
}
