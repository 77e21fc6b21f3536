import { isJsonObject, type JsonObject, type JsonValue } from '@mcp-acp/shared/json';
import { type Conversation, capabilities } from './conversation.ts';
import { type Call, toolCall } from './matrix-server.ts';

/** What one side of a comparison saw: every answer, whole, under the request that it answers. */
export interface Observation {
  readonly revision: string;
  readonly answers: JsonObject;
  /** Entries of all pages of a list; undefined where the server does not offer it. */
  readonly counts: Readonly<Record<ListMethod, number | undefined>>;
}

const lists = {
  'tools/list': { capability: 'tools', member: 'tools' },
  'prompts/list': { capability: 'prompts', member: 'prompts' },
  'resources/list': { capability: 'resources', member: 'resources' },
  'resources/templates/list': { capability: 'resources', member: 'resourceTemplates' },
} as const;
export type ListMethod = keyof typeof lists;

/** Pages of one list that are read before it counts as endless. */
const maxPages = 1000;

const client = { name: 'server-matrix', version: '1.0.0' };
export const statefulRevision = '2025-11-25';
export const statelessRevision = '2026-07-28';

/** Each request of the stateless era carries its own envelope. */
const envelope: JsonObject = {
  'io.modelcontextprotocol/protocolVersion': statelessRevision,
  'io.modelcontextprotocol/clientInfo': client,
  'io.modelcontextprotocol/clientCapabilities': capabilities,
};

/** What a server must not know, whoever it is: its errors are compared too. */
const refused: readonly Call[] = [
  toolCall('no_such_tool', {}),
  { method: 'vendor.example/unheard_of', params: { value: 1 } },
];

/** Greets a server in the way of a revision, reads every list it offers to the end, and makes the calls. */
export async function observe(
  conversation: Conversation,
  revision: string,
  calls: readonly Call[],
): Promise<Observation> {
  const stateless = revision === statelessRevision;
  const ask = (method: string, params: JsonObject): Promise<JsonObject> =>
    conversation.request(method, stateless ? { ...params, _meta: envelope } : params);
  const greeting = stateless
    ? await ask('server/discover', {})
    : await ask('initialize', { protocolVersion: revision, capabilities, clientInfo: client });
  const result = greeting.result;
  if (!isJsonObject(result)) throw new Error(`the greeting was refused: ${JSON.stringify(greeting)}`);
  const settled = stateless ? revision : conversation.settled(greeting);
  if (settled === undefined) throw new Error('the greeting names no revision');
  if (!stateless) await conversation.notify('notifications/initialized');

  const offered = isJsonObject(result.capabilities) ? result.capabilities : {};
  const answers: Record<string, JsonValue> = { greeting };
  const counts: Partial<Record<ListMethod, number>> = {};
  for (const [method, { capability, member }] of Object.entries(lists)) {
    if (offered[capability] === undefined) continue;
    const pages = await allPages(ask, method);
    answers[method] = pages;
    counts[method as ListMethod] = pages.reduce((sum, page) => sum + entriesOf(page, member), 0);
  }
  for (const [index, { method, params }] of [...calls, ...refused].entries()) {
    const label = typeof params.name === 'string' ? `${method} ${params.name}` : method;
    answers[`${index + 1} ${label}`] = await ask(method, params);
  }
  return { revision: settled, answers, counts: { ...noCounts, ...counts } };
}

const noCounts = {
  'tools/list': undefined,
  'prompts/list': undefined,
  'resources/list': undefined,
  'resources/templates/list': undefined,
};

async function allPages(
  ask: (method: string, params: JsonObject) => Promise<JsonObject>,
  method: string,
): Promise<readonly JsonObject[]> {
  const pages: JsonObject[] = [];
  let cursor: JsonValue | undefined;
  do {
    const page = await ask(method, cursor === undefined ? {} : { cursor });
    pages.push(page);
    cursor = isJsonObject(page.result) ? page.result.nextCursor : undefined;
  } while (cursor !== undefined && pages.length < maxPages);
  return pages;
}

function entriesOf(page: JsonObject, member: string): number {
  const entries = isJsonObject(page.result) ? page.result[member] : undefined;
  return Array.isArray(entries) ? entries.length : 0;
}
