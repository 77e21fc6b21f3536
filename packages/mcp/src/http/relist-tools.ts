import { randomUUID } from 'node:crypto';
import { isJsonObject, type JsonObject, type JsonValue } from '@mcp-acp/shared/json';
import { memberValue, type RequestMessage, type ResponseMessage } from '../message.ts';
import { checkMessage } from '../strict/check-message.ts';
import { slot } from '../strict/slots.ts';
import { createAwaitedAnswers } from './awaited-answers.ts';
import { headerList } from './header-list.ts';
import { postCall } from './post-call.ts';
import { metadataHeaders } from './request-headers.ts';
import type { WireParts } from './wire.ts';

/** Pages of one list that are asked for. */
const maxPages = 100;
const headerMismatch = -32020;
/** What of a call's envelope goes for a list too; its progress token does not. */
const envelopeKeys = ['protocolVersion', 'clientInfo', 'clientCapabilities'].map(
  (key) => `io.modelcontextprotocol/${key}`,
);

/** Whether an answer says that the headers of a call, which therefore has not run, do not fit its body. */
export function saysHeadersMismatch(answer: ResponseMessage): boolean {
  const error = answer.failed ? memberValue(answer, slot.error) : undefined;
  return isJsonObject(error) && error.code === headerMismatch;
}

/**
 * Asks for the list of tools in the name of a call whose headers the server found wanting (2026-07-28, Streamable HTTP,
 * "Client Behavior"): a client on stdio cannot know which arguments belong in headers. Settles when every page has been
 * seen, or none comes.
 */
export async function relistTools(
  parts: WireParts,
  call: RequestMessage,
  saw: (page: ResponseMessage) => void,
): Promise<void> {
  const _meta = envelopeOf(memberValue(call, slot.meta));
  let cursor: JsonValue | undefined;
  for (let page = 0; page < maxPages; page++) {
    const answer = await listPage(parts, { _meta, ...(cursor === undefined ? {} : { cursor }) });
    if (answer === undefined || answer.failed) return;
    saw(answer);
    const result = memberValue(answer, slot.result);
    cursor = isJsonObject(result) ? result.nextCursor : undefined;
    if (typeof cursor !== 'string') return;
  }
}

function envelopeOf(meta: JsonValue | undefined): JsonObject {
  if (!isJsonObject(meta)) return {};
  return Object.fromEntries(
    envelopeKeys.flatMap((key) => {
      const value = meta[key];
      return value === undefined ? [] : [[key, value]];
    }),
  );
}

function listPage(parts: WireParts, params: JsonObject): Promise<ResponseMessage | undefined> {
  return new Promise((resolve) => {
    const body = Buffer.from(
      JSON.stringify({ jsonrpc: '2.0', id: `mcp-acp-${randomUUID()}`, method: 'tools/list', params }),
    );
    const request = checkMessage(body);
    if (request.kind !== 'request') return resolve(undefined);
    let page: ResponseMessage | undefined;
    const awaited = createAwaitedAnswers(request);
    postCall(
      { ...parts, left: () => undefined },
      {
        body,
        awaited,
        headers: () => headerList(metadataHeaders(request)),
        // The call in whose name it asks has left its connection.
        lane: 'call',
        isPatient: false,
        isResumable: false,
        // What else comes on the stream of a list belongs to nobody's request.
        deliver: (message) => {
          if (message.kind === 'response' && message.id === request.id) page = message;
        },
        failed: () => undefined,
        over: () => resolve(page),
      },
    );
  });
}
