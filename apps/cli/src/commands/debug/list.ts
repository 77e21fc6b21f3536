import { AcpError } from '@mcp-acp/shared/errors';
import { isJsonObject, type JsonObject } from '@mcp-acp/shared/json';
import { visible } from '@mcp-acp/shared/visible';
import type { CommandSpec } from '../../command-spec.ts';
import { table } from '../../output/table.ts';
import { type Conversation, whyNoResult } from '../../speak/conversation.ts';
import { type Listed, type Listing, listAll, listings, offers } from '../../speak/list-all.ts';
import { debugOptions, debugRun } from './debug-options.ts';
import { runDebug } from './debug-run.ts';

const kinds = Object.keys(listings) as readonly Listing[];

export const debugList: CommandSpec = {
  path: ['debug', 'list'],
  summary: 'list what a server offers, through its proxy or straight',
  details:
    'Starts the proxy as a client would, greets it, asks for every page and ends it. Exit code 1 where a list was refused.',
  arguments: [{ name: 'what', description: `${kinds.join(', ')}; everything the server offers by default` }],
  options: debugOptions,
  examples: ['mcp-acp debug list --proxy files', 'mcp-acp debug list tools --proxy files --direct --trace'],
  async run(cli, input) {
    const what = input.argument(0);
    if (what !== undefined && !kinds.includes(what as Listing)) {
      throw new AcpError('usage', `There is no list of "${visible(what, 80)}".`, {
        fix: `Lists: ${kinds.join(', ')}.`,
      });
    }
    const run = debugRun(cli, input);
    const end = await runDebug(cli, run, (conversation) => listed(conversation, what as Listing | undefined));
    if (!end.ok) return end.answer;
    const lists = [...end.result];
    const failed = lists.some(([, list]) => !list.ok);
    return {
      data: { ...end.data, ...Object.fromEntries(lists.map(([kind, list]) => [kind, listData(list)])) },
      text: lists.flatMap(([kind, list], index) => [
        ...(index === 0 ? [] : ['']),
        ...listLines(kind, list, cli.style.bold),
      ]),
      notes: [...end.notes, ...(lists.length === 0 ? ['The server says that it has nothing to list.'] : [])],
      exit: failed ? 1 : 0,
    };
  },
};

/** The lists asked for; where none is, those the server says it has. */
async function listed(
  conversation: Conversation,
  what: Listing | undefined,
): Promise<ReadonlyMap<Listing, Listed>> {
  const lists = new Map<Listing, Listed>();
  for (const kind of what === undefined ? kinds.filter((one) => offers(conversation, one)) : [what]) {
    const list = await listAll(conversation, kind);
    // The capability promises resources; that there are templates too is not said anywhere.
    const isAbsent =
      kind === 'templates' && !list.ok && list.reply.kind === 'error' && list.reply.error.code === -32601;
    if (what !== undefined || !isAbsent) lists.set(kind, list);
  }
  return lists;
}

const listData = (list: Listed): unknown => (list.ok ? list.items : { error: list.reply });

function listLines(kind: Listing, list: Listed, bold: (text: string) => string): readonly string[] {
  if (!list.ok) return [`${bold(kind)}  ${visible(whyNoResult(list.reply), 500)}`];
  const more = list.cut ? ', and more: its pages do not end' : '';
  return [
    `${bold(kind)}  ${list.items.length}${list.pages > 1 ? ` on ${list.pages} pages` : ''}${more}`,
    ...table(list.items.map((item) => [`  ${nameOf(kind, item)}`, saying(item)])),
  ];
}

function nameOf(kind: Listing, item: JsonObject): string {
  const name = item[kind === 'resources' ? 'uri' : kind === 'templates' ? 'uriTemplate' : 'name'];
  const shown = visible(typeof name === 'string' ? name : '(unnamed)', 120);
  if (kind === 'tools') return `${shown}(${parametersOf(item.inputSchema).join(', ')})`;
  if (kind === 'prompts') return `${shown}(${argumentsOf(item.arguments).join(', ')})`;
  return shown;
}

/** Names of a tool's parameters; `?` marks one that may be left out. */
function parametersOf(schema: unknown): readonly string[] {
  if (!isJsonObject(schema) || !isJsonObject(schema.properties)) return [];
  const required: readonly unknown[] = Array.isArray(schema.required) ? schema.required : [];
  return Object.keys(schema.properties).map(
    (name) => `${visible(name, 40)}${required.includes(name) ? '' : '?'}`,
  );
}

const argumentsOf = (given: unknown): readonly string[] =>
  (Array.isArray(given) ? given : []).filter(isJsonObject).map(({ name, required }) => {
    const shown = visible(typeof name === 'string' ? name : '', 40);
    return `${shown}${required === true ? '' : '?'}`;
  });

function saying({ description, title, name }: JsonObject): string {
  const text = [description, title, name].find((one) => typeof one === 'string');
  return typeof text === 'string' ? visible(text.trim().split('\n', 1)[0] ?? '', 100) : '';
}
