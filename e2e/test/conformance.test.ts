import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { losses } from '../conformance/compare.ts';
import type { InstalledSuite } from '../conformance/installed-suite.ts';
import { runSuite } from '../conformance/run-suite.ts';
import { type OpenWay, openServerWay, openServerWayOverHttp } from '../conformance/server-way.ts';
import { everyAnswer } from '../conformance/stateless-probe.ts';
import { verifies } from '../requirements.ts';

/** The last of the suite's releases that runs on the product's own Node. It knows the stateful era only. */
function releasedSuite(): InstalledSuite {
  const name = '@modelcontextprotocol/conformance';
  let manifest: string;
  try {
    manifest = createRequire(import.meta.url).resolve(`${name}/package.json`);
  } catch {
    throw new Error(`${name} is missing: run npm install.`);
  }
  return { node: process.execPath, script: join(dirname(manifest), 'dist/index.js'), version: '0.1' };
}

const checksOn = async (way: 'direct' | 'proxied') => {
  await using open = await openServerWay(way);
  return await runSuite(releasedSuite(), {
    mode: 'server',
    target: open.target,
    selection: ['--suite', 'active'],
    onScenario: () => {},
  });
};

it(verifies(
  'CONFORMANCE-SUPERSET',
  'the suite for the stateful era passes behind the proxy what it passes directly',
), async () => {
  const [direct, proxied] = await Promise.all([checksOn('direct'), checksOn('proxied')]);
  expect(losses(direct, proxied)).toEqual([]);
  expect(direct.filter(({ status }) => status === 'SUCCESS').length).toBeGreaterThanOrEqual(40);
}, 240_000);

const answersOn = async (opening: Promise<OpenWay>) => {
  await using open = await opening;
  return await everyAnswer(open.target);
};

it(verifies(
  'CONFORMANCE-SUPERSET',
  'in the stateless era every request is answered as it is directly',
), async () => {
  const expected = await answersOn(openServerWay('direct'));
  expect(Object.keys(expected).length).toBeGreaterThan(50);
  expect(await answersOn(openServerWay('proxied'))).toEqual(expected);
  expect(await answersOn(openServerWayOverHttp('proxied'))).toEqual(expected);
}, 120_000);

it('the bridge answers in the stateless era as the server does over its own HTTP', async () => {
  const expected = await answersOn(openServerWay('plain'));
  expect(await answersOn(openServerWay('direct'))).toEqual(expected);
}, 120_000);
