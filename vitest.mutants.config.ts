import { defineConfig } from 'vitest/config';

/** The tests that know the core and the words, and nothing that deploys, bundles or listens. */
export default defineConfig({
  test: {
    include: ['test/domain/**/*.test.ts', 'test/mail/**/*.test.ts'],
    // Reads the sources, which are not the same where mutants stand in them.
    exclude: ['test/mail/aws-sentences.test.ts'],
    pool: 'threads',
    testTimeout: 60_000,
    env: { TZ: 'America/St_Johns' },
  },
});
