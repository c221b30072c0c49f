import type { Io } from '../io.ts';

/** Milliseconds between two updates: nobody reads faster. */
const OFTEN_ENOUGH = 200;

const CLEAR_REST = '\u001b[K';

/** The progress of long work, in one line of a terminal. Elsewhere nothing is shown. */
export interface Progress {
  /** Adds `more` to what is done. */
  readonly advance: (more: number) => void;
  /** Clears the line. Call it before anything else is written. */
  readonly clear: () => void;
}

/** `what` names the things that are counted, `total` is about how many there are; undefined: unknown. */
export function progressOf(
  what: string,
  total: number | undefined,
  { progress, stderr, now }: Pick<Io, 'progress' | 'stderr' | 'now'>,
): Progress {
  if (!progress) return { advance: () => undefined, clear: () => undefined };
  const begun = now();
  let [done, lastShown, isShown] = [0, -Infinity, false];
  return {
    advance: (more) => {
      done += more;
      if (now() - lastShown < OFTEN_ENOUGH) return;
      lastShown = now();
      isShown = true;
      stderr(`\r${progressWords(what, done, total, now() - begun)}${CLEAR_REST}`);
    },
    clear: () => {
      if (isShown) stderr(`\r${CLEAR_REST}`);
      isShown = false;
    },
  };
}

/** `412,000 of about 660,000 items, 1 min left` */
function progressWords(
  what: string,
  done: number,
  total: number | undefined,
  elapsed: number,
): string {
  const count = done.toLocaleString('en-US');
  if (total === undefined || total < done) return `${count} ${what}`;
  const of = `${count} of about ${total.toLocaleString('en-US')} ${what}`;
  return done === 0 ? of : `${of}, ${timeLeft((elapsed / done) * (total - done))} left`;
}

function timeLeft(milliseconds: number): string {
  const seconds = Math.ceil(milliseconds / 1_000);
  return seconds < 90 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}
