import { isJsonObject, type JsonObject } from '@mcp-acp/shared/json';
import type { Conversation, Reply } from './conversation.ts';

/** What a server can list: the method, the member of its result, and the capability that promises it. */
export const listings = {
  tools: { method: 'tools/list', member: 'tools', capability: 'tools' },
  prompts: { method: 'prompts/list', member: 'prompts', capability: 'prompts' },
  resources: { method: 'resources/list', member: 'resources', capability: 'resources' },
  templates: { method: 'resources/templates/list', member: 'resourceTemplates', capability: 'resources' },
} as const;

export type Listing = keyof typeof listings;

/** A server that always names a next page is not followed for ever. */
const mostPages = 1_000;
const mostItems = 100_000;

export type Listed =
  | {
      readonly ok: true;
      readonly items: readonly JsonObject[];
      readonly pages: number;
      readonly cut: boolean;
    }
  | { readonly ok: false; readonly reply: Exclude<Reply, { readonly kind: 'result' }> };

/** Every page of a list. What is no object in it is left out. */
export async function listAll(conversation: Conversation, what: Listing): Promise<Listed> {
  const { method, member } = listings[what];
  const items: JsonObject[] = [];
  const seen = new Set<string>();
  let cursor: string | undefined;
  for (let pages = 1; ; pages++) {
    const reply = await conversation.request(
      method,
      cursor === undefined ? {} : { cursor: JSON.stringify(cursor) },
    );
    if (reply.kind !== 'result') return { ok: false, reply };
    const page = isJsonObject(reply.value) ? reply.value : {};
    const listed = page[member];
    if (Array.isArray(listed)) items.push(...listed.filter(isJsonObject));
    if (typeof page.nextCursor !== 'string') return { ok: true, items, pages, cut: false };
    if (pages >= mostPages || items.length >= mostItems || seen.has(page.nextCursor))
      return { ok: true, items, pages, cut: true };
    cursor = page.nextCursor;
    seen.add(cursor);
  }
}

/** Whether the server says that it has lists of this kind. */
export const offers = ({ welcome }: Conversation, what: Listing): boolean =>
  welcome.capabilities[listings[what].capability] !== undefined;
