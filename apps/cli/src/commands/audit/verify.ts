import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type JournalVerdict, verifyJournal } from '@mcp-acp/audit/verify-journal';
import { readProxyConfig } from '@mcp-acp/config/proxy-config';
import { AcpError } from '@mcp-acp/shared/errors';
import { visible } from '@mcp-acp/shared/visible';
import { chooseProxies } from '../../choose-proxy.ts';
import type { Cli } from '../../cli.ts';
import { type CommandSpec, proxyOption } from '../../command-spec.ts';
import { type Problem, problemOf } from '../../output/problem.ts';

type Result =
  | { readonly proxy: string; readonly verdict: JournalVerdict }
  | { readonly proxy: string; readonly problem: Problem };

export const auditVerify: CommandSpec = {
  path: ['audit', 'verify'],
  summary: 'prove that the journals were not altered',
  details:
    'Exit code 0 when they are intact (an end torn off by a crash included), 1 when one was tampered with, 2 when one cannot be verified.',
  options: [
    { ...proxyOption, description: 'only this one; all of them where it is left out' },
    { flags: '--folder <folder>', description: 'an audit folder anywhere, such as an archived one' },
  ],
  examples: [
    'mcp-acp audit verify',
    'mcp-acp audit verify --proxy files --json',
    'mcp-acp audit verify --folder ~/copy/audit',
  ],
  async run(cli, input) {
    const results: Result[] = [];
    const folder = input.option('folder');
    if (folder !== undefined) results.push(await verifyFolder(resolve(folder)));
    else for (const name of names(cli, input.option('proxy'))) results.push(await verifyOne(cli, name));
    const tampered = results.some((result) => 'verdict' in result && result.verdict.verdict === 'tampered');
    const unable = results.some((result) => 'problem' in result);
    return {
      data: {
        verdict: tampered ? 'tampered' : unable ? 'unverified' : 'ok',
        proxies: results.map((result) =>
          'verdict' in result
            ? { proxy: result.proxy, ...result.verdict }
            : { ...result, verdict: 'unverified' },
        ),
      },
      text: results.flatMap((result) => lines(cli, result)),
      notes: results.length === 0 ? ['There is no proxy yet, so there is nothing to verify.'] : [],
      exit: tampered ? 1 : unable ? 2 : 0,
    };
  },
};

function names(cli: Cli, named: string | undefined): readonly string[] {
  try {
    return chooseProxies(cli.paths(), named);
  } catch (error) {
    // For this command 2 is what "could not look" means; 1 and 16 would be read as something else.
    const { message, fix } = problemOf(error);
    throw new AcpError('usage', message, fix === undefined ? {} : { fix });
  }
}

async function verifyOne(cli: Cli, proxy: string): Promise<Result> {
  const paths = cli.paths();
  return result(proxy, () =>
    verifyJournal(paths.auditDir(proxy), { proxyId: readProxyConfig(paths, proxy).id }),
  );
}

/** Whose journal it must be is not known here, so only that it fits together. */
const verifyFolder = (folder: string): Promise<Result> =>
  result(folder, () => {
    if (existsSync(join(folder, 'ledger'))) return verifyJournal(folder);
    throw new AcpError('audit_unavailable', `${folder} is not an audit folder.`);
  });

async function result(proxy: string, verify: () => Promise<JournalVerdict>): Promise<Result> {
  try {
    return { proxy, verdict: await verify() };
  } catch (error) {
    const { exit: _, ...problem } = problemOf(error);
    return { proxy, problem };
  }
}

const plural = (count: number, word: string) => `${count} ${word}${count === 1 ? '' : 's'}`;

function lines({ style }: Cli, result: Result): readonly string[] {
  const name = style.bold(result.proxy);
  if ('problem' in result)
    return [`${name}  ${style.yellow('cannot be verified')}: ${visible(result.problem.message, 500)}`];
  const { verdict, streams, ledger, records } = result.verdict;
  const word =
    verdict === 'tampered' ? style.red('TAMPERED') : style.green(verdict === 'ok' ? 'ok' : 'ok, torn tail');
  return [
    `${name}  ${word}  ${plural(records, 'record')} in ${plural(streams.length, 'stream')}`,
    ...ledger.problems.map(
      ({ entry, why }) => `  ledger entry ${entry}  ${style.red('tampered')}: ${visible(why, 500)}`,
    ),
    ...streams
      .filter((stream) => stream.verdict !== 'ok')
      .map((stream) =>
        stream.verdict === 'torn_tail'
          ? `  ${visible(stream.stream, 64)}  ok, torn tail: a crash cut ${stream.tornBytes ?? 0} bytes of an unfinished record`
          : `  ${visible(stream.stream, 64)}  ${style.red('tampered')} at byte ${stream.problem?.offset ?? 0} (line ${stream.problem?.line ?? 1}): ${visible(stream.problem?.why ?? '', 500)}`,
      ),
  ];
}
