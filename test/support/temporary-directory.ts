import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A new directory, removed at the end of the run because it lies in the run's own (once-per-run.ts). */
export function temporaryDirectory(): string {
  return mkdtempSync(join(tmpdir(), 'of-a-test-'));
}
