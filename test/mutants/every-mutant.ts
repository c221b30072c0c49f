import { readFileSync, writeFileSync, writeSync } from 'node:fs';
import { it } from 'vitest';
import type { Mutant } from './mutant.ts';
import { type KeptTest, theSwitch } from './switch.ts';

/** `endless`: it went round for ever. `static`: it is passed while files are loaded, and by no test. */
export type Result = 'killed' | 'endless' | 'survived' | 'uncovered' | 'static';
export type Tried = Mutant & { readonly text: string; readonly result: Result };

it('each mutant against the tests that pass it', { timeout: 0 }, async () => {
  const mutants = JSON.parse(readFileSync('mutants.json', 'utf8')) as (Mutant & { text: string })[];
  const { static: loaded } = theSwitch().mutantCoverage;
  const atFirst = new Set(Object.keys(loaded));
  const tests = await repeatable();
  const tried: Tried[] = [];
  for (const mutant of mutants) {
    const result = await resultOf(mutant, tests, atFirst);
    tried.push({ ...mutant, result });
    if (result === 'survived' || result === 'uncovered') writeSync(1, `${result} ${mutant.text}\n`);
    if (tried.length % 100 === 0) writeSync(1, `${tried.length} of ${mutants.length} tried\n`);
  }
  writeFileSync('tried.json', JSON.stringify(tried));
});

/** How many times as often as the code a mutant may be passed by a test that goes on for ever, as far as anybody knows: Stryker's figure. */
const ENDLESS = 100;

/** What a mutant is told by most often is tried first: a neighbor's killer is often its own. */
let killers: KeptTest[] = [];

async function resultOf(
  { id }: Mutant,
  tests: Set<KeptTest>,
  atFirst: ReadonlySet<string>,
): Promise<Result> {
  const covering = [...tests]
    .filter(({ hits }) => id in hits)
    .toSorted((a, b) => costOf(a) - costOf(b));
  if (covering.length === 0) return atFirst.has(id) ? 'static' : 'uncovered';
  const likely = killers.filter((test) => covering.includes(test));
  for (const test of new Set([...likely, ...covering])) {
    const outcome = await outcomeOf(id, test);
    if (outcome === 'passed') continue;
    // It has to pass at once without the mutant, or its failure says nothing.
    if ((await failureOf(test)) !== null) {
      tests.delete(test);
      writeSync(1, `left out, it does not pass again after a failure: ${test.name}\n`);
      continue;
    }
    killers = [test, ...killers.filter((each) => each !== test)].slice(0, 5);
    return outcome;
  }
  return 'survived';
}

async function outcomeOf(id: string, test: KeptTest): Promise<'passed' | 'killed' | 'endless'> {
  const shared = theSwitch();
  const hitLimit = (test.hits[id] ?? 0) * ENDLESS;
  Object.assign(shared, { activeMutant: id, hitCount: 0, hitLimit });
  const failure = await failureOf(test);
  const isEndless = (shared.hitCount ?? 0) > hitLimit;
  Object.assign(shared, { activeMutant: undefined, hitCount: undefined });
  if (isEndless) return 'endless';
  return failure === null ? 'passed' : 'killed';
}

/** Those that pass a second time in the same process. */
async function repeatable(): Promise<Set<KeptTest>> {
  const { kept } = theSwitch();
  const found = new Set<KeptTest>();
  theSwitch().currentTestId = 'again';
  for (const test of kept) {
    const began = performance.now();
    const failure = await failureOf(test);
    test.milliseconds = Math.min(test.milliseconds, performance.now() - began);
    if (failure === null) found.add(test);
    else writeSync(1, `left out, it does not pass twice: ${test.name}: ${failure}\n`);
  }
  return found;
}

async function failureOf(test: KeptTest): Promise<string | null> {
  try {
    await test.again();
    return null;
  } catch (error) {
    return String(error);
  }
}

/** Quick ones that pass few mutants are the most telling. */
function costOf({ hits, milliseconds }: KeptTest): number {
  return Object.keys(hits).length * (milliseconds + 0.2);
}
