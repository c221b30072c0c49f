import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/synthesize-once.ts'],
    pool: 'threads',
    // No module is patched, so the files of one worker share what they import.
    isolate: false,
    // Node loads the sources as it does in every other command: Vite has nothing to transform, and asking it costs a tenth of the suite's CPU.
    experimental: { viteModuleRunner: false },
    // Vitest keeps a core for itself, which on two cores leaves one.
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // The machine's zone must not matter: one that is not UTC and has a summer time finds who forgot.
    env: { TZ: 'America/St_Johns' },
  },
});
