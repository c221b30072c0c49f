import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

class MutantsLast extends BaseSequencer {
  override sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) => Number(moduleId.includes('/mutants/'));
    return Promise.resolve(files.toSorted((a, b) => place(a) - place(b)));
  }
}

/**
 * For `npm run mutants`: the tests that know the core and the words, all of them in memory, nothing that deploys, bundles or listens. They
 * run once, are kept, and run again for each mutant that they pass.
 */
export default defineConfig({
  test: {
    include: [
      'test/domain/**/*.test.ts',
      'test/mail/**/*.test.ts',
      'test/histories/**/*.test.ts',
      'test/lambdas/{settling,check-licenses,send-notices}/**/*.test.ts',
      'test/mutants/every-mutant.ts',
    ],
    exclude: [
      // Reads the sources, which are not the same where mutants stand in them.
      'test/mail/aws-sentences.test.ts',
      // Listens, and waits.
      'test/lambdas/check-licenses/handler.test.ts',
      'test/lambdas/send-notices/mass-day.test.ts',
      // Knows no rule that others do not.
      'test/domain/check/ten-years.test.ts',
    ],
    setupFiles: ['test/support/same-chance.ts'],
    pool: 'threads',
    maxWorkers: 1,
    isolate: false,
    runner: './test/mutants/keep-tests.ts',
    sequence: { sequencer: MutantsLast },
    // A busy machine must not look like a test that noticed something.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    env: { TZ: 'America/St_Johns', PART_OF_RUNS: '0.2' },
  },
});
