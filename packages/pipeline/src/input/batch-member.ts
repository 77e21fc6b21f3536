import type { SingleMessage } from '@mcp-acp/mcp/message';

/** A member of a batch as a line of its own. */
export function alone<Message extends SingleMessage>(member: Message): Message {
  const { start, end, spans } = member;
  return {
    ...member,
    line: member.line.subarray(start, end),
    start: 0,
    end: end - start,
    spans: spans.map((offset) => (offset === -1 ? -1 : offset - start)),
  };
}
