import type { Head } from '../../../../domain/check/head.ts';
import type { LastSeen } from '../../../../domain/check/last-seen.ts';
import { type Unrecorded, UNRECORDED_WORDS } from '../../../../domain/check/unrecorded.ts';
import type { MailStanding } from '../../../../domain/notice/notice.ts';
import type { Buyer } from '../../../../domain/registration/buyer.ts';
import { FOLLOW_CONFIRMATION } from '../../../../mail/aws-sentences.ts';
import { cleanText } from '../../../../domain/outside-text.ts';
import {
  REMEDIES,
  remedyFor,
  troubleWords,
  whatWasSeen,
} from '../../../../mail/news/watch-news.ts';
import { timeText } from '../../output/moment.ts';

/** Why the watcher cannot see a contract now, and what mends it. */
interface Blind extends Pick<NonNullable<Head['blind']>, 'cause' | 'since' | 'detail'> {
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
  return `since ${timeText(since)} (${cause}): ${what}. ${toDo} What was seen: ${whatWasSeen(detail)}`;
}

/** Nobody looks at it, and no check says why. */
export function overdueWords({ at, since }: LastSeen): string {
  const last =
    at === null ? `never seen, and watched since ${timeText(since)}` : `last seen ${timeText(at)}`;
  return `${last}: nobody looks at it. "license-watcher doctor" says what stands still; else see "last-seen-too-old" in docs/runbook.md.`;
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
  return `since ${timeText(since)} (${cause}): ${words.cause}. ${words.remedy} The failure: ${whatWasSeen(detail)}`;
}

/** Whether a person reads the notices, as far as anybody knows; null: the buyer is told nothing any more, and never was. */
export function mailWords(mail: MailStanding, { status, registration }: Buyer): string | null {
  const isOver = status === 'left' || status === 'revoked';
  if (isOver) return mail.kind === 'told' ? toldWhen(mail) : null;
  switch (mail.kind) {
    case 'told':
      return `${toldWhen(mail)}: an address is confirmed`;
    case 'unconfirmed':
      return `waits since ${timeText(mail.since)} for the buyer to ${FOLLOW_CONFIRMATION} (the watcher asks after an hour, then less often, at least once a day); until then nothing is sent, and nothing is lost`;
    case 'refused':
      return `the topic refuses notices since ${timeText(mail.since)}: ${cleanText(mail.reason, 300)}. Ask the buyer to ${registration?.stackId === null ? 'give the topic the policy that the buyer template gives its notice topic' : 'delete the License Watcher stack and to create it again with the same parameters'}`;
    case 'untried':
      return 'nothing was sent yet, so nobody knows whether an address is confirmed';
  }
}

function toldWhen({ first, last }: Extract<MailStanding, { kind: 'told' }>): string {
  return `first told ${timeText(first)}, last ${timeText(last)}`;
}

export function mailInShort({ kind }: MailStanding): string {
  return { told: 'yes', unconfirmed: 'no', refused: 'no', untried: '-' }[kind];
}

/** No mail reaches the buyer, and only the buyer can mend that. */
export function isMailTrouble({ kind }: MailStanding): boolean {
  return kind === 'unconfirmed' || kind === 'refused';
}
