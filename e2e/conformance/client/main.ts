import { connectClient } from './connected-client.ts';
import { behaviours } from './scenarios.ts';

// Started by the suite, which appends the URL of its server: `main.ts direct|proxied URL`.
const [way, url = ''] = process.argv.slice(2);
const scenario = process.env.MCP_CONFORMANCE_SCENARIO ?? '';
const revision = process.env.MCP_CONFORMANCE_PROTOCOL_VERSION ?? '';
const behaviour = behaviours[scenario];
if (behaviour === undefined) throw new Error(`Nothing is known of the scenario ${scenario}.`);
if (way !== 'direct' && way !== 'proxied') throw new Error(`There is no way ${way}.`);

const { capabilities, prepare, run } = behaviour;
await using connected = await connectClient({
  way,
  url,
  revision,
  ...(capabilities === undefined ? {} : { capabilities }),
  ...(prepare === undefined ? {} : { prepare }),
});
await run(connected.client);
