import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['browser/**/*.test.ts'],
    globalSetup: ['resources/find-browser.ts'],
    // Each drives a browser, a manager and several proxies; the machine that runs this may have two cores.
    maxWorkers: 2,
    testTimeout: 600_000,
    hookTimeout: 300_000,
    // What comes in its own time, on a slow machine too.
    expect: { poll: { timeout: 120_000, interval: 50 } },
  },
});
