import type { Io } from '../io.ts';

/** Faster nobody reads it. */
const OFTEN_ENOUGH = 200;

const CLEAR_REST = '\u001b[K';

/** How far long work is, in one line of a terminal; elsewhere nothing is said. */
export interface Progress {
  /** So many more are done. */
  readonly advance: (more: number) => void;
  /** Before something else is written. */
  readonly clear: () => void;
}

/** `what`: of what there are about `total`; undefined: nobody knows how many. */
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
