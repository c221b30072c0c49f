import { TestRunner } from 'vitest';
import type { RunnerTask, RunnerTestCase } from 'vitest';
import { theSwitch } from './switch.ts';

const OF_THIS_TEST = 'this test';

/** Runs tests as ever, and keeps each with the mutants that it passes, so that it can be run again without loading anything anew. */
export default class KeepTests extends TestRunner {
  override async onBeforeRunTask(task: RunnerTask): Promise<void> {
    await super.onBeforeRunTask(task);
    theSwitch().mutantCoverage.perTest[OF_THIS_TEST] = {};
    theSwitch().currentTestId = OF_THIS_TEST;
  }

  async runTask(test: RunnerTestCase): Promise<void> {
    const body = TestRunner.getTestFn(test);
    const began = performance.now();
    try {
      await body();
    } finally {
      theSwitch().currentTestId = undefined;
    }
    theSwitch().kept.push({
      name: `${test.file.name} > ${test.name}`,
      again: async () => {
        const endings = [];
        for (const hook of hooksOf(test)) endings.push(await hook(test.context, suiteOf(test)));
        try {
          await body();
        } finally {
          for (const end of endings.reverse())
            if (typeof end === 'function') await (end as () => unknown)();
        }
      },
      hits: theSwitch().mutantCoverage.perTest[OF_THIS_TEST] ?? {},
      milliseconds: performance.now() - began,
    });
  }
}

type Suite = Parameters<typeof TestRunner.getSuiteHooks>[0];

function suiteOf(test: RunnerTestCase): Suite {
  return test.suite ?? test.file;
}

/** What has to be done before each run of it, the outermost first. */
function hooksOf(test: RunnerTestCase): ReturnType<typeof TestRunner.getSuiteHooks>['beforeEach'] {
  const suites: Suite[] = [];
  for (let suite: Suite | undefined = suiteOf(test); suite !== undefined; suite = suite.suite)
    suites.unshift(suite);
  if (suites[0] !== test.file) suites.unshift(test.file);
  const all = suites.map((suite) => TestRunner.getSuiteHooks(suite));
  if (all.some(({ afterEach, aroundEach }) => afterEach.length + aroundEach.length > 0))
    throw new Error(
      `${test.file.name}: of hooks around each test only beforeEach is known here; return the ending from it`,
    );
  return all.flatMap(({ beforeEach }) => beforeEach);
}
