import { expect, it } from 'vitest';
import { verifies } from '../requirements.ts';
import { suddenDeaths } from '../resources/sudden-death.ts';

it(
  verifies('SUDDEN-DEATH', 'killed at 200 random moments under load, nothing acknowledged is missing'),
  async () => {
    const report = await suddenDeaths(200);
    process.stdout.write(
      `${report.moments} deaths, ${report.acknowledged} acknowledged calls, ${report.faults.length} faults (seed ${report.seed})\n`,
    );
    expect(report.faults, `seed ${report.seed}`).toEqual([]);
  },
);
