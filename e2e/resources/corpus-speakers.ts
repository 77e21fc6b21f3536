import { checkMessage } from '@mcp-acp/mcp/strict/check-message';
import type { Sender } from '@mcp-acp/shared/journal-record';
import type { CorpusFile } from '../../packages/mcp/test/read-corpus.ts';

export function isAnswer(line: Buffer): boolean {
  const message = checkMessage(line);
  const members = message.kind === 'batch' ? message.members : [message];
  return members.every(({ kind }) => kind === 'response');
}

/** Who says a line: the one who began the file's conversation, or whoever answers. */
export function speakerOf({ initiator }: CorpusFile, line: Buffer): Sender {
  const other = initiator === 'client' ? 'server' : 'client';
  return isAnswer(line) ? other : initiator;
}
