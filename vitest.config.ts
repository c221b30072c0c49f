import { setFlagsFromString } from 'node:v8';
import { defineConfig } from 'vitest/config';

// The threads of vitest and of local functions live briefly. With a young generation of 16 MB from the start they collect garbage less often than
// while it grows from 1 MB: that saves an eighth of the CPU of a small scenario (measured).
setFlagsFromString('--min-semi-space-size=16');

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/once-per-run.ts'],
    pool: 'threads',
    // No module is patched, so the test files of one worker can share the modules that they import.
    isolate: false,
    // Node loads the sources itself, as in every other command. Vite has nothing to transform, and its loader costs 4 to 13 % of the CPU (measured).
    experimental: { viteModuleRunner: false },
    // By itself, vitest keeps a core free, which on two cores leaves one worker. The third works while others wait: 173 s, not 184 (measured).
    maxWorkers: 3,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // The machine's zone must not matter. A zone with summer time that is not UTC finds code that depends on it.
    env: { TZ: 'America/St_Johns' },
  },
});
