import { askedFor } from '@mcp-acp/admin/approval-facts';
import { visible } from '@mcp-acp/shared/visible';
import { chooseProxy } from '../../choose-proxy.ts';
import type { Cli } from '../../cli.ts';
import { type CommandSpec, proxyOption } from '../../command-spec.ts';
import { followQuestions, type QuestionsListener } from './follow-questions.ts';
import { unheardLines } from './list.ts';
import { watchLive } from './watch-live.ts';

export const approvalsWatch: CommandSpec = {
  path: ['approvals', 'watch'],
  summary: 'see what waits for you, live, and answer it',
  details:
    'In a terminal: j and k or the arrows move, a approves once, g grants, d denies, r denies with a reason, q leaves. ' +
    'While it is open, calls that need a person wait for one. Elsewhere, and with --json, it prints a line for each question and answers none.',
  options: [{ ...proxyOption, description: 'only this one' }],
  examples: ['mcp-acp approvals watch', 'mcp-acp approvals watch --json'],
  async run(cli, input) {
    const proxy = input.option('proxy');
    if (proxy !== undefined) chooseProxy(cli.paths(), proxy);
    const stop = new AbortController();
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => stop.abort());
    const options = { paths: cli.paths(), proxy, signal: stop.signal };
    if (!cli.json && process.stdin.isTTY === true && process.stdout.isTTY === true) await watchLive(options);
    else await followQuestions({ ...options, canAnswer: false, listener: linePrinter(cli) });
    return { data: undefined, text: [] };
  },
};

/** A line for each question, once. */
function linePrinter(cli: Cli): QuestionsListener {
  const told = new Set<string>();
  const notes = new Set<string>();
  const note = (text: string): void => {
    if (notes.has(text)) return;
    notes.add(text);
    cli.printer.note([text]);
  };
  return {
    seen: ({ asked, unheard }) => {
      const waiting = new Set(asked.map(({ question }) => question.approval));
      for (const approval of told) if (!waiting.has(approval)) told.delete(approval);
      for (const { question } of [...asked].reverse()) {
        const { approval, proxy, client, askedAt } = question;
        if (told.has(approval)) continue;
        told.add(approval);
        if (cli.json) cli.printer.jsonLine(question);
        else {
          const who = client === undefined ? '' : ` for ${visible(client, 60)}`;
          const time = visible(askedAt, 32).replace('T', ' ').replace(/Z$/, '');
          cli.printer.result([`${time}  ${approval}  ${proxy.name}  ${askedFor(question)}${who}`]);
        }
      }
      for (const line of unheardLines(unheard)) note(line);
    },
    ended: () => undefined,
    source: () => undefined,
    problem: note,
  };
}
