import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** One project per environment: everything runs in Node but the web's component tests, which need a DOM. */
export default defineConfig({
  test: {
    testTimeout: 30_000,
    hookTimeout: 120_000,
    // More than cores: many files wait for servers, children or true time. Vitest's own choice on two cores is one.
    maxWorkers: 3,
    projects: [
      {
        extends: true,
        test: {
          name: 'node',
          include: [
            'packages/**/*.test.ts',
            'apps/api/**/*.test.ts',
            'apps/device-agent/**/*.test.ts',
            'testing/**/*.test.ts',
            'bench/**/*.test.ts',
            'scripts/**/*.test.mjs',
          ],
          environment: 'node',
        },
      },
      {
        extends: true,
        resolve: { alias: { '@': fileURLToPath(new URL('./apps/web/src', import.meta.url)) } },
        test: { name: 'web', include: ['apps/web/**/*.test.ts', 'apps/web/**/*.test.tsx'], environment: 'happy-dom' },
      },
    ],
  },
});
