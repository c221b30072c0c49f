import type { Head } from '../domain/check/head.ts';
import type { Product } from '../domain/license/product.ts';
import { dateOf, endsOf } from '../domain/notice/reminders/ends.ts';
import { dueAt } from '../domain/notice/reminders/ladder.ts';
import type { Instant } from '../domain/time.ts';
import { counted, date } from './dates.ts';
import { STANDING_WORDS } from './news/standing-words.ts';
import type { Present } from './present.ts';

interface Coming {
  readonly at: Instant;
  readonly end: Instant;
  readonly daysBefore: number;
}

/** When the next reminder comes, if one does: the answer to "will I hear of it again?". */
export function nextReminder(
  { state, standing, isBlind }: Present,
  { marks, watchEnded }: Pick<Head, 'marks' | 'watchEnded'>,
  { reminderDays }: Pick<Product, 'reminderDays'>,
  now: Instant,
): string {
  if (watchEnded !== null) return 'None: this license is not watched any more.';
  const ends = endsOf(state, now);
  const coming = ends.flatMap((each) => comingReminders(each.end, reminderDays, marks, now));
  const [next] = coming.toSorted((a, b) => (a.at < b.at ? -1 : 1));
  const end = ends.find((each) => each.end > now)?.end;
  // That a term has ended is told when it is seen: who cannot look promises no such thing.
  const atEnd = isBlind
    ? 'None before the end'
    : 'None before the end; you hear from us when the term has ended';
  if (next === undefined) return end === undefined ? none(state, standing, isBlind) : `${atEnd}.`;
  if (next.daysBefore > 0)
    return `On ${date(next.at)}, ${counted(next.daysBefore, 'day')} before the end on ${date(next.end)}.`;
  const last = `on ${date(next.at)}, if no renewal is seen until then`;
  return next.end > now
    ? `${atEnd}${isBlind ? '; the last one comes' : ', and a last time'} ${last}.`
    : `The last one comes ${last}.`;
}

function comingReminders(
  end: Instant,
  reminderDays: readonly number[],
  marks: Head['marks'],
  now: Instant,
): readonly Coming[] {
  return reminderDays
    .filter(
      (daysBefore) =>
        daysBefore !== 0 &&
        !marks.some((mark) => mark.endDate === dateOf(end) && mark.daysBefore === daysBefore),
    )
    .map((daysBefore) => ({ at: dueAt(end, daysBefore), end, daysBefore }))
    .filter(({ at }) => at > now);
}

function none(state: Present['state'], standing: Present['standing'], isBlind: boolean): string {
  if (state.length > 0 && state.every(({ validity }) => validity.end === null))
    return 'None: the license has no end.';
  if (isBlind) return 'None: no end that is known is still to come.';
  if (standing === 'none') return 'None: there is no license. You hear from us when one comes.';
  if (standing === 'ended') return 'None: the term has ended.';
  return `None, as long as the license is ${STANDING_WORDS[standing]}.`;
}
