import { installedSuite } from './installed-suite.ts';
import { type LegResult, measure } from './measure.ts';
import { type Options, parseOptions, usage } from './options.ts';
import { isTransparent, report } from './report.ts';

const say = (text: string): void => void process.stderr.write(`${text} …\n`);

async function run({ revisions, legs, scenarios, json }: Options): Promise<void> {
  const suite = await installedSuite(say);
  const results: LegResult[] = [];
  for (const leg of legs) {
    for (const revision of revisions) {
      results.push(
        await measure({ suite, leg, revision, say, ...(scenarios === undefined ? {} : { scenarios }) }),
      );
    }
  }
  const transparent = isTransparent(results);
  process.stdout.write(
    json
      ? `${JSON.stringify({ suite: suite.version, transparent, results }, null, 2)}\n`
      : report(results, suite.version),
  );
  process.exitCode = transparent ? 0 : 1;
}

let options: Options | undefined;
try {
  options = parseOptions(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
  process.exitCode = 2;
}
if (options?.help) process.stdout.write(usage);
else if (options !== undefined) await run(options);
