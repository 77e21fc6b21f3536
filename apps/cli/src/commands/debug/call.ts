import type { DecisionRecord } from '@mcp-acp/admin/find-run';
import { didYouMean } from '@mcp-acp/config/did-you-mean';
import { AcpError } from '@mcp-acp/shared/errors';
import { isJsonObject, type JsonObject } from '@mcp-acp/shared/json';
import { visible } from '@mcp-acp/shared/visible';
import type { Cli } from '../../cli.ts';
import type { Answer, CommandSpec, Input } from '../../command-spec.ts';
import { textFromFile } from '../../edit-in-editor.ts';
import {
  type Conversation,
  type Members,
  type Progress,
  type Reply,
  whyNoResult,
} from '../../speak/conversation.ts';
import { objectText } from '../../speak/exchange.ts';
import { listAll, offers } from '../../speak/list-all.ts';
import { recordId } from '../logs/log-line.ts';
import {
  argumentsBySchema,
  argumentsOfPrompt,
  argumentsText,
  type TypedArgument,
  toolNamed,
  typedArguments,
} from './call-arguments.ts';
import { type DebugRun, debugOptions, debugRun } from './debug-options.ts';
import { runDebug } from './debug-run.ts';
import { resultLines } from './reply-lines.ts';

export const debugCall: CommandSpec = {
  path: ['debug', 'call'],
  summary: 'call one tool, get one prompt or read one resource, through a proxy or straight',
  details:
    'Starts the proxy as a client would, and asks for its tools first, as clients do. The policy decides and the journal records as always. Exit code 1 where the tool failed or the call was refused.',
  arguments: [{ name: 'tool', description: "the tool's name" }],
  options: [
    {
      flags: '--arg <name=value>',
      description: "one argument, read as the tool's schema says; a name given several times makes a list",
      repeat: true,
    },
    {
      flags: '--args <json>',
      description: 'all arguments as JSON; @FILE takes them from a file, @- from stdin',
    },
    { flags: '--prompt <name>', description: 'get a prompt instead' },
    { flags: '--read <uri>', description: 'read a resource instead' },
    ...debugOptions,
  ],
  examples: [
    'mcp-acp debug call read_file --arg path=notes.md --proxy files',
    `mcp-acp debug call search --args '{"query":"x","limit":5}' --direct --trace`,
    'mcp-acp debug call --read file:///home/me/notes.md --proxy files --json',
  ],
  async run(cli, input) {
    const operation = operationFrom(input);
    const run = debugRun(cli, input);
    const end = await runDebug(cli, run, (conversation) => perform(cli, conversation, operation));
    if (!end.ok) return end.answer;
    const { reply, notes } = end.result;
    const decision = isGood(reply) ? undefined : end.run?.lastDecision;
    return answer(cli, run, { reply, decision, data: end.data, notes: [...notes, ...end.notes] });
  },
};

/** What is asked of the server. */
type Operation =
  | {
      readonly kind: 'tool';
      readonly name: string;
      readonly typed: readonly TypedArgument[];
      readonly text?: string;
    }
  | {
      readonly kind: 'prompt';
      readonly name: string;
      readonly typed: readonly TypedArgument[];
      readonly text?: string;
    }
  | { readonly kind: 'resource'; readonly uri: string };

/** Throws AcpError('usage'). */
function operationFrom(input: Input): Operation {
  const [tool, prompt, uri] = [input.argument(0), input.option('prompt'), input.option('read')];
  if ([tool, prompt, uri].filter((one) => one !== undefined).length !== 1) {
    throw new AcpError('usage', 'Name one tool, or give --prompt or --read.', {
      fix: 'mcp-acp debug call TOOL --arg NAME=VALUE. See what there is: mcp-acp debug list',
    });
  }
  const typed = typedArguments(input.list('arg'));
  const args = input.option('args');
  if (args !== undefined && typed.length > 0) throw new AcpError('usage', 'Give --arg or --args, not both.');
  if (uri !== undefined) {
    if (args !== undefined || typed.length > 0) throw new AcpError('usage', '--read takes no arguments.');
    return { kind: 'resource', uri };
  }
  const text =
    args === undefined
      ? {}
      : { text: argumentsText(args.startsWith('@') ? textFromFile(args.slice(1)) : args) };
  return tool === undefined
    ? { kind: 'prompt', name: prompt ?? '', typed, ...text }
    : { kind: 'tool', name: tool, typed, ...text };
}

interface Performed {
  readonly reply: Reply;
  readonly notes: readonly string[];
}

async function perform(cli: Cli, conversation: Conversation, operation: Operation): Promise<Performed> {
  const progress = (step: Progress): void => cli.printer.note([progressLine(step)]);
  if (operation.kind === 'resource') {
    const members = { uri: JSON.stringify(operation.uri) };
    return { reply: await conversation.request('resources/read', members, progress), notes: [] };
  }
  const { name, typed, text } = operation;
  const call = (method: string, args: string): Promise<Reply> =>
    conversation.request(method, { name: JSON.stringify(name), arguments: args }, progress);
  if (operation.kind === 'prompt') {
    const args = text ?? objectText(argumentsOfPrompt(typed));
    return { reply: await call('prompts/get', args), notes: [] };
  }
  const tools = await toolsOf(conversation);
  const tool = toolNamed(tools, name);
  const args: Members | undefined =
    text === undefined ? argumentsBySchema(typed, tool?.inputSchema) : undefined;
  return {
    reply: await call('tools/call', text ?? objectText(args ?? {})),
    notes: tool === undefined ? unlisted(name, tools) : [],
  };
}

/** The tools as the server lists them; none where it does not. */
async function toolsOf(conversation: Conversation): Promise<readonly JsonObject[]> {
  if (!offers(conversation, 'tools')) return [];
  const listed = await listAll(conversation, 'tools');
  return listed.ok ? listed.items : [];
}

function unlisted(name: string, tools: readonly JsonObject[]): readonly string[] {
  const names = tools.flatMap((tool) => (typeof tool.name === 'string' ? [tool.name] : []));
  const near = didYouMean(name, names);
  const hint = near === undefined ? '' : ` Did you mean "${visible(near, 80)}"?`;
  return [`The server lists no tool "${visible(name, 80)}"; it was called all the same.${hint}`];
}

function progressLine({ progress, total, message }: Progress): string {
  const share = total === undefined ? String(progress) : `${progress} of ${total}`;
  return `… ${share}${message === undefined ? '' : `: ${visible(message, 200)}`}`;
}

/** Whether the operation did what it was asked. */
const isGood = (reply: Reply): boolean =>
  reply.kind === 'result' && !(isJsonObject(reply.value) && reply.value.isError === true);

function answer(
  cli: Cli,
  { proxy }: DebugRun,
  {
    reply,
    decision,
    data,
    notes,
  }: {
    readonly reply: Reply;
    readonly decision: DecisionRecord | undefined;
    readonly data: object;
    readonly notes: readonly string[];
  },
): Answer {
  const found = decision === undefined ? undefined : foundInLog(decision, proxy);
  const failure = reply.kind === 'result' ? {} : { error: reply.kind === 'error' ? reply.error : reply };
  return {
    data: {
      ...data,
      ...(reply.kind === 'result' ? { result: reply.value } : failure),
      ...(found === undefined ? {} : { refused: found.refused, log: found.id }),
    },
    text: reply.kind === 'result' ? resultLines(reply.value) : [],
    notes: [
      ...(reply.kind === 'result'
        ? isGood(reply)
          ? []
          : [cli.style.red(found?.refused === true ? 'refused' : 'the tool failed')]
        : [`${cli.style.red('error:')} ${visible(whyNoResult(reply), 2_000)}`]),
      ...(found === undefined ? [] : [found.line]),
      ...notes,
    ],
    exit: isGood(reply) ? 0 : 1,
  };
}

/** What the journal says of the call: it alone tells a refusal of the proxy from an answer that looks like one. */
function foundInLog(record: DecisionRecord, proxy: string) {
  const id = recordId(record);
  const refused = record.disposition !== 'forwarded' && record.disposition !== 'observed';
  const by = record.decidedBy === undefined ? '' : ` (${visible(record.decidedBy, 80)})`;
  return {
    id,
    refused,
    line: `Recorded as ${record.disposition}${by}: mcp-acp logs show ${id} --proxy ${proxy}`,
  };
}
