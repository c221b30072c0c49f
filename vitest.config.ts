import { defineConfig } from 'vitest/config';

/** Give their process an environment or globals of their own, which would reach the files after them. */
const ALONE = [
  'test/lambdas/check-licenses/handler.test.ts',
  'test/seller/report/page.test.ts',
  'test/workbench/cloud/lambda/functions.test.ts',
];

const shared = {
  pool: 'threads',
  testTimeout: 60_000,
  hookTimeout: 120_000,
  // The machine's zone must not matter: one that is not UTC and has a summer time finds who forgot.
  env: { TZ: 'America/St_Johns' },
} as const;

export default defineConfig({
  test: {
    globalSetup: ['test/support/synthesize-once.ts'],
    // Vitest keeps a core for itself, which on two cores leaves one.
    maxWorkers: 2,
    projects: [
      {
        // No test patches a module: what one file has loaded serves the next, and a third of the CPU time is saved (measured).
        test: {
          ...shared,
          name: 'together',
          include: ['test/**/*.test.ts'],
          exclude: ALONE,
          isolate: false,
        },
      },
      { test: { ...shared, name: 'alone', include: ALONE } },
    ],
  },
});
