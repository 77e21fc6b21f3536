import { fullPlan, measure, quickPlan } from './measure.ts';
import { report, targetsOf } from './report.ts';

const usage = `npm run bench [-- options]

  --quick   a few calls of everything, to see that it runs; its numbers mean little
  --json    the whole result as JSON on stdout
`;

const options = new Set(process.argv.slice(2));
const unknown = [...options].find((option) => !['--quick', '--json', '--help'].includes(option));

if (unknown !== undefined || options.has('--help')) {
  process.stderr.write(unknown === undefined ? usage : `Unknown option ${unknown}.\n\n${usage}`);
  process.exitCode = unknown === undefined ? 0 : 2;
} else {
  const results = await measure(options.has('--quick') ? quickPlan : fullPlan, (text) =>
    process.stderr.write(`${text} …\n`),
  );
  const text = options.has('--json')
    ? `${JSON.stringify({ ...results, targets: targetsOf(results) }, null, 2)}\n`
    : report(results);
  process.stdout.write(text);
}
