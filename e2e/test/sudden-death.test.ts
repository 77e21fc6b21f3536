import { expect, it } from 'vitest';
import { verifies } from '../requirements.ts';
import { suddenDeaths } from '../resources/sudden-death.ts';

it(verifies(
  ['SUDDEN-DEATH', 'TORN-TAIL'],
  'killed at 20 random moments under load, nothing acknowledged is missing',
), async () => {
  const report = await suddenDeaths(20);
  expect(report.faults, `seed ${report.seed}`).toEqual([]);
  expect(report.acknowledged).toBeGreaterThan(20);
}, 120_000);
