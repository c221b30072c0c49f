import type { Instant } from '../../domain/time.ts';
import { date, dateAndTime } from '../dates.ts';
import type { Setting } from './news.ts';

/** `... on 2027-02-01 00:00 UTC`, where AWS says when; else when it was seen, which is all that is known. */
export function dated(fact: string, { entry }: Pick<Setting, 'entry'>): string {
  return entry.effectiveAt === null
    ? `${fact}; seen on ${dateAndTime(entry.observedAt)}.`
    : `${fact} on ${dateAndTime(entry.effectiveAt)}.`;
}

/** The same for a subject, after its verb: ` on 2027-02-01`, `, seen 2027-02-01`. */
export function shortDate({ entry }: Pick<Setting, 'entry'>): string {
  return entry.effectiveAt === null
    ? `, seen ${date(entry.observedAt)}`
    : ` on ${date(entry.effectiveAt)}`;
}

/** Of the license that begins first; undefined: AWS still makes it available, whatever its dates say. */
export function nextBegin({ entry }: Pick<Setting, 'entry'>): Instant | undefined {
  const begins = entry.after
    .map(({ validity }) => validity.begin)
    .filter((begin) => begin > entry.observedAt);
  return begins.toSorted()[0];
}
