import { defineConfig } from 'vitest/config';

/** Tests of the whole: real processes, a real browser, one file after the other so that they do not slow one another down. */
export default defineConfig({
  test: {
    name: 'e2e',
    include: ['e2e/**/*.test.ts'],
    environment: 'node',
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 180_000,
    // Two cores run the service, the boxes and a browser at once.
    expect: { poll: { timeout: 20_000 } },
  },
});
