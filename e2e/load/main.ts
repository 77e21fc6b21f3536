import { parseArgs } from 'node:util';
import { measureLoad } from './measure-load.ts';
import { reportLoad } from './report-load.ts';

const usage = `npm run load [-- options]

  --proxies N     instances that have joined (100)
  --rate N        events they tell a second (5000)
  --seconds N     how long (30)
  --records N     records in the history (1000000)
  --json          the whole result as JSON on stdout
`;

const text = { type: 'string' } as const;
const { values } = parseArgs({
  options: {
    proxies: text,
    rate: text,
    seconds: text,
    records: text,
    json: { type: 'boolean' },
    help: { type: 'boolean' },
  },
});

if (values.help) process.stderr.write(usage);
else {
  const result = await measureLoad(
    {
      proxies: Number(values.proxies ?? 100),
      eventsPerSecond: Number(values.rate ?? 5_000),
      seconds: Number(values.seconds ?? 30),
      records: Number(values.records ?? 1_000_000),
    },
    (step) => process.stderr.write(`${step} …\n`),
  );
  process.stdout.write(values.json ? `${JSON.stringify(result, null, 2)}\n` : reportLoad(result));
  if (result.subscribers.some(({ lost }) => lost > 0)) process.exitCode = 1;
}
