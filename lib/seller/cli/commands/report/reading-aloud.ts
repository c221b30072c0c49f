import { counted } from '../../../../mail/dates.ts';
import type { Scope } from '../../../report/gather.ts';
import type { Io } from '../../io.ts';
import { CommandFailure } from '../../output/failure.ts';

/** Faster nobody reads it. */
const OFTEN_ENOUGH = 100;

/** How far the reading is, on a terminal; Ctrl-C ends it before anything is written. */
export function readingAloud(io: Io): {
  readonly progress: NonNullable<Scope['progress']>;
  readonly end: () => void;
} {
  let told = -Infinity;
  return {
    progress: ({ buyers, entries }) => {
      if (io.interrupted.aborted) throw new CommandFailure('interrupted: nothing was written');
      if (!io.progress || io.now() - told < OFTEN_ENOUGH) return;
      told = io.now();
      io.stderr(
        `\rRead ${counted(buyers, 'buyer')}, ${entries} ${entries === 1 ? 'entry' : 'entries'}\u001b[K`,
      );
    },
    end: () => {
      if (told > -Infinity) io.stderr('\r\u001b[K');
    },
  };
}
