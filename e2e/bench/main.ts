import { parseArgs } from 'node:util';
import { httpLeg } from './http-leg.ts';
import { measure } from './measure.ts';
import { fullPlan, quickPlan } from './plan.ts';
import { report } from './report.ts';
import { allSingles } from './singles.ts';
import { stdioLeg } from './stdio-leg.ts';
import { targetsOf } from './targets.ts';

const usage = `npm run bench [-- options]

  --leg stdio|http|answer|replay   only this; all without it
  --quick            a few calls of everything, to see that it runs; its numbers mean little
  --json             the whole result as JSON on stdout
`;

function readOptions() {
  const flag = { type: 'boolean' } as const;
  const options = { quick: flag, json: flag, help: flag, leg: { type: 'string' } } as const;
  try {
    const { values } = parseArgs({ options });
    const isMeant = ({ id }: { readonly id: string }) => values.leg === undefined || values.leg === id;
    const legs = [stdioLeg, httpLeg].filter(isMeant);
    const singles = allSingles.filter(isMeant);
    if (legs.length + singles.length === 0) return `There is no leg ${values.leg}.`;
    return { ...values, measured: { legs, singles } };
  } catch (error) {
    return (error as Error).message;
  }
}

const options = readOptions();

if (typeof options === 'string' || options.help) {
  process.stderr.write(typeof options === 'string' ? `${options}\n\n${usage}` : usage);
  process.exitCode = typeof options === 'string' ? 2 : 0;
} else {
  const { measured } = options;
  const results = await measure(measured, options.quick ? quickPlan : fullPlan, (text) =>
    process.stderr.write(`${text} …\n`),
  );
  const text = options.json
    ? `${JSON.stringify({ ...results, targets: targetsOf(measured, results) }, null, 2)}\n`
    : report(measured, results);
  process.stdout.write(text);
}
