import { installedFolder, installServers } from './installed-servers.ts';
import { legsOf, type Row, runLeg } from './matrix.ts';
import { type Options, parseOptions, usage } from './options.ts';
import { normalisations, problemsOf, tableOf } from './report.ts';

const say = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

async function main(options: Options): Promise<number> {
  await installServers(say);
  const rows: Row[] = [];
  for (const leg of options.servers.flatMap(legsOf)) {
    if (options.transports.includes(leg.transport)) rows.push(await runLeg(leg, installedFolder, say));
  }
  const problems = problemsOf(rows);
  if (options.json) process.stdout.write(`${JSON.stringify({ rows, problems }, null, 2)}\n`);
  else {
    const legend = normalisations(rows).map(
      (text) => `not compared, since it differs from run to run: ${text}`,
    );
    const verdict = problems.length === 0 ? [`no difference in ${rows.length} rows`] : problems;
    process.stdout.write(`${[tableOf(rows), '', ...legend, ...verdict].join('\n')}\n`);
  }
  return problems.length === 0 ? 0 : 1;
}

try {
  const options = parseOptions(process.argv.slice(2));
  if (options.help) process.stdout.write(usage);
  else process.exitCode = await main(options);
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 2;
}
