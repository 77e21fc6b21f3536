import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['system/**/*.test.ts'],
    globalSetup: ['system/needs-strace.ts', 'resources/find-browser.ts'],
    maxWorkers: 2,
    testTimeout: 600_000,
    hookTimeout: 60_000,
    // What comes in its own time, on a slow machine too.
    expect: { poll: { timeout: 30_000 } },
  },
});
