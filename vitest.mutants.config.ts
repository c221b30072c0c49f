import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The quick and exact ones first: a mutant is done for at the first test that fails. */
const LAST = ['/differences/properties.', '/publishable.', '/check/properties.', '/histories/'];

class QuickFirst extends BaseSequencer {
  override sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) =>
      LAST.findIndex((part) => moduleId.includes(part));
    return Promise.resolve(files.toSorted((a, b) => place(a) - place(b)));
  }
}

/** The tests that know the core and the words, all of them in memory: nothing that deploys, bundles or listens. */
export default defineConfig({
  test: {
    include: [
      'test/domain/**/*.test.ts',
      'test/mail/**/*.test.ts',
      'test/histories/**/*.test.ts',
      'test/lambdas/{settling,check-licenses,send-notices}/**/*.test.ts',
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
    // Each file of its own would load the core anew for every mutant.
    isolate: false,
    sequence: { sequencer: QuickFirst },
    // A busy machine must not look like a test that noticed something.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    env: { TZ: 'America/St_Johns', PART_OF_RUNS: '0.2' },
  },
});
