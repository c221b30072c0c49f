import { setFlagsFromString } from 'node:v8';
import { defineConfig } from 'vitest/config';

// Of the threads that are started from here on, vitest's and those of functions, none lives long: what is young is not collected while it still grows
// from 1 MB. An eighth of the CPU of a small scenario (measured).
setFlagsFromString('--min-semi-space-size=16');

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
