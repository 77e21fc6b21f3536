import type { Writable } from 'node:stream';
import { createLineReader } from '@mcp-acp/mcp/framing/line-reader';
import type { IncomingMessage } from '@mcp-acp/mcp/message';
import type { ByteSource } from '@mcp-acp/mcp/stdio/byte-source';
import { checkMessage } from '@mcp-acp/mcp/strict/check-message';
import { errorAnswer } from '@mcp-acp/pipeline/answers/refusal';
import { type AcpError, describePosition } from '@mcp-acp/shared/errors';
import { limits } from '@mcp-acp/shared/limits';

/** How long a proxy that cannot start waits for a first request, and stays after it. Milliseconds. */
const firstRequestMs = 30_000;
const lingerMs = 2_000;

/**
 * Answers the client's requests with the reason why the proxy cannot work, since clients hide stderr. It stays a
 * moment after the first answer, so that a client that starts its servers again at once does so slowly.
 */
export function answerWithReason(error: AcpError, input: ByteSource, output: Writable): Promise<void> {
  return new Promise((resolve) => {
    let timer = setTimeout(resolve, firstRequestMs);
    let isAnswered = false;
    const detail = [describePosition(error), error.fix].filter((part) => part !== undefined).join(' ');
    const reply = (message: IncomingMessage): void => {
      if (message.kind !== 'request') return;
      output.write(
        `${errorAnswer(message.id, { code: error.code, method: message.method, tool: undefined, detail })}\n`,
      );
      if (isAnswered) return;
      isAnswered = true;
      clearTimeout(timer);
      timer = setTimeout(resolve, lingerMs);
    };
    const done = (): void => {
      clearTimeout(timer);
      resolve();
    };
    const reader = createLineReader(limits.messageBytes, {
      line: (line) => reply(checkMessage(line)),
      oversize: () => undefined,
    });
    input.start({
      data: reader.push,
      ended: () => {
        reader.end();
        done();
      },
    });
    output.once('error', done);
  });
}
