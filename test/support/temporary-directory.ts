import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A directory that is gone when the run is done: it stands in the run's own (synthesize-once.ts). */
export function temporaryDirectory(): string {
  return mkdtempSync(join(tmpdir(), 'of-a-test-'));
}
