import { parseArgs } from 'node:util';
import { type Leg, legs, revisions } from './legs.ts';

export const usage = `npm run conformance [-- options]

  --revision R   only this revision (${revisions.join(', ')}); may be repeated
  --leg L        only this leg (${legs.map(({ name }) => name).join(', ')}); may be repeated
                 server       the suite → bridge → proxy → fixture on stdio
                 server-http  the same, with the fixture's HTTP behind the proxy
                 client       a client of the SDK → proxy → the suite's servers over HTTP
  --scenario S   only this scenario of the suite; may be repeated
  --json         the whole result as JSON on stdout

Exit code 1 when a check that passes directly does not pass behind the proxy.
`;

export interface Options {
  readonly revisions: readonly string[];
  readonly legs: readonly Leg[];
  readonly scenarios?: readonly string[];
  readonly json: boolean;
  readonly help: boolean;
}

/** What was typed. Throws with a sentence for whoever typed it. */
export function parseOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      revision: { type: 'string', multiple: true },
      leg: { type: 'string', multiple: true },
      scenario: { type: 'string', multiple: true },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const unknown = values.revision?.find((name) => !revisions.some((revision) => revision === name));
  if (unknown !== undefined) throw new Error(`There is no revision ${unknown} here.`);
  const chosen = values.leg?.map((name) => {
    const leg = legs.find((each) => each.name === name);
    if (leg === undefined) throw new Error(`There is no leg ${name}.`);
    return leg;
  });
  return {
    revisions: values.revision ?? revisions,
    legs: chosen ?? legs,
    ...(values.scenario === undefined ? {} : { scenarios: values.scenario }),
    json: values.json,
    help: values.help,
  };
}
