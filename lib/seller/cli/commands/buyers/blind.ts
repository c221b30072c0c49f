import type { Buyer } from '../../../../domain/registration/buyer.ts';
import type { Head } from '../../../../domain/check/head.ts';
import {
  REMEDIES,
  remedyFor,
  troubleWords,
  whatWasSeen,
} from '../../../../mail/news/blindness-news.ts';
import { UNRECORDED_WORDS, type Unrecorded } from '../../../../domain/check/unrecorded.ts';
import { spoken } from '../../output/time.ts';

/** Why the watcher cannot see a contract now, and what mends it. */
export interface Blind extends Pick<NonNullable<Head['blind']>, 'cause' | 'since' | 'detail'> {
  /** Null: nothing that the buyer could do. */
  readonly remedy: string | null;
}

/** Null: it can be seen, or the watch has ended. */
export function blindOf(head: Head | undefined, buyer: Buyer): Blind | null {
  if (head?.watchEnded !== null || head.blind === null) return null;
  const { cause, since, detail } = head.blind;
  return { cause, since, detail, remedy: cause === 'trouble' ? null : remedyFor(cause, buyer) };
}

/** `since 2027-01-18 00:00 UTC (permission-missing): ...` */
export function blindWords({ cause, since, detail, remedy }: Blind): string {
  const what =
    cause === 'trouble'
      ? `${troubleWords(detail)}; nothing is known to be wrong in the buyer’s account`
      : REMEDIES[cause].cause;
  const toDo =
    remedy === null
      ? 'See "checks-failing" in docs/runbook.md.'
      : `Ask the buyer for this: ${remedy}`;
  return `since ${spoken(since)} (${cause}): ${what}. ${toDo} What was seen: ${whatWasSeen(detail)}`;
}

/** As a machine reads it; null: what is seen of it is recorded. */
export function unrecordedForm(unrecorded: Unrecorded | undefined) {
  if (unrecorded === undefined) return null;
  const { cause, since, detail } = unrecorded;
  return { cause, since, detail, remedy: UNRECORDED_WORDS[cause].remedy };
}

/** `since 2027-01-18 00:00 UTC (store-refused): ...` */
export function unrecordedWords({ cause, since, detail }: Unrecorded): string {
  const words = UNRECORDED_WORDS[cause];
  return `since ${spoken(since)} (${cause}): ${words.cause}. ${words.remedy} The failure: ${whatWasSeen(detail)}`;
}
