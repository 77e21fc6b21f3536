import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Two processes: each test drives several of its own, and the machine that runs this may have two cores.
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // What comes in its own time, on a slow machine too.
    expect: { poll: { timeout: 30_000 } },
  },
});
