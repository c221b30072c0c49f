/** What the instrumented code and those who switch its mutants share, by the name that Stryker's instrumenter gives it. */
export interface Switch {
  activeMutant: string | undefined;
  /** How often the active mutant was passed; above `hitLimit` the instrumented code throws. */
  hitCount: number | undefined;
  hitLimit: number | undefined;
  /** Under which name it is counted which mutants are passed; undefined: as what happens while files are loaded. */
  currentTestId: string | undefined;
  mutantCoverage: {
    static: Record<string, number>;
    perTest: Record<string, Record<string, number>>;
  };
  kept: KeptTest[];
}

/** A test that was run once, and can be run again in the same process. */
export interface KeptTest {
  readonly name: string;
  readonly again: () => Promise<void>;
  /** By mutant, how often it was passed. */
  readonly hits: Readonly<Record<string, number>>;
  milliseconds: number;
}

export function theSwitch(): Switch {
  const shared = globalThis as { __stryker__?: Partial<Switch> };
  const found = (shared.__stryker__ ??= {});
  found.mutantCoverage ??= { static: {}, perTest: {} };
  found.kept ??= [];
  return found as Switch;
}
