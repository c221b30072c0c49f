import type { Head } from '../../../../domain/check/head.ts';
import type { LastSeen } from '../../../../domain/check/last-seen.ts';
import type { Unrecorded } from '../../../../domain/check/unrecorded.ts';
import {
  type AddressState,
  type BuyerReachability,
  type Unreachable,
  unreachable,
} from '../../../../domain/notice/reachability.ts';
import type { Buyer } from '../../../../domain/registration/buyer.ts';
import { FOLLOW_CONFIRMATION } from '../../../../mail/aws-sentences.ts';
import { cleanText } from '../../../../domain/outside-text.ts';
import {
  REMEDIES,
  remedyFor,
  troubleRemedy,
  troubleWords,
  whatWasSeen,
} from '../../../../mail/news/watch-news.ts';
import {
  CANNOT_TELL,
  UNREACHABLE_CAUSES,
  unreachableRemedy,
} from '../../../../mail/news/reachability-news.ts';
import { timeText } from '../../output/moment.ts';
import type { MailStanding } from '../../../mail-standing.ts';
import { UNRECORDED_WORDS } from '../../../unseen.ts';

/** Why the watcher cannot see a contract now, and what would remedy it. */
interface Blind extends Pick<NonNullable<Head['blind']>, 'cause' | 'since' | 'detail'> {
  /** Null: there is nothing that the buyer could do. */
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
  const toDo = remedy === null ? troubleRemedy(detail) : `Ask the buyer for this: ${remedy}`;
  return `since ${timeText(since)} (${cause}): ${what}. ${toDo} What was seen: ${whatWasSeen(detail)}`;
}

/** Says how long a contract has not been looked at, if no check says why. */
export function overdueWords({ at, since }: LastSeen): string {
  const last =
    at === null ? `never seen, and watched since ${timeText(since)}` : `last seen ${timeText(at)}`;
  return `${last}: nobody looks at it. "license-watcher doctor" says what does not run; otherwise see "last-seen-too-old" in docs/runbook.md.`;
}

/** The machine form; null: observations are recorded. */
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

/** The machine form; null: nobody has looked at the topic of this registration yet. */
export function reachabilityForm(found: BuyerReachability | undefined, { registration }: Buyer) {
  if (found === undefined) return null;
  const { state, since, addresses, contract } = found;
  const unread = unreachable(state);
  return {
    state,
    since,
    addresses,
    contract,
    remedy:
      unread === null
        ? null
        : `Ask the buyer to ${unreachableRemedy(unread, registration?.stackId === null)}`,
  };
}

const ADDRESS_WORDS: Readonly<Record<AddressState, string>> = {
  confirmed: 'confirmed',
  'cannot-tell': 'nobody can see whether it is confirmed',
  'never-confirmed': 'never confirmed',
  gone: 'confirmed once, but no longer',
};

/** `it@example.com (confirmed), old@example.com (never confirmed)`. */
export function addressWords(
  addresses: readonly string[],
  found: BuyerReachability | undefined,
): string {
  const words = addresses.map((address) => {
    const seen = found?.addresses.find((each) => each.address === address);
    return `${cleanText(address)}${seen === undefined ? '' : ` (${ADDRESS_WORDS[seen.state]})`}`;
  });
  return words.join(', ') || 'none named';
}

/** Whether a person reads the notices, as far as is known. Null: the watch is over, and the buyer was never told anything. */
export function mailWords(mail: MailStanding, { status, registration }: Buyer): string | null {
  const isOver = status === 'left' || status === 'revoked';
  const remedy = (state: Unreachable) => unreachableRemedy(state, registration?.stackId === null);
  if (isOver) return mail.kind === 'told' ? toldWhen(mail) : null;
  switch (mail.kind) {
    case 'told':
      return `${toldWhen(mail)}: an address is confirmed`;
    case 'unconfirmed':
      return `waits since ${timeText(mail.since)} for the buyer to ${FOLLOW_CONFIRMATION} (the watcher asks after an hour, then less often, at least once a day); until then nothing is sent, and nothing is lost`;
    case 'gone':
      return `reaches nobody, as seen on ${timeText(mail.since)}: ${UNREACHABLE_CAUSES.gone}. Ask the buyer to ${remedy('gone')}. Until then nothing is sent, and nothing is lost`;
    case 'refused':
      return `the topic refuses notices since ${timeText(mail.since)}: ${cleanText(mail.reason, 300)}. Ask the buyer to ${remedy('topic-closed')}`;
    case 'confirmed':
      return `an address is confirmed, as seen on ${timeText(mail.since)}; nothing was sent yet`;
    case 'cannot-tell':
      return `is sent; we cannot see to whom, since ${timeText(mail.since)}: ${CANNOT_TELL}`;
    case 'untried':
      return 'nothing was sent yet, so nobody knows whether an address is confirmed';
  }
}

function toldWhen({ first, last }: Extract<MailStanding, { kind: 'told' }>): string {
  return `first told ${timeText(first)}, last ${timeText(last)}`;
}

export function mailInShort(
  { kind }: MailStanding,
  reachability: BuyerReachability | undefined,
): string {
  const addresses = reachability?.addresses ?? [];
  const confirmed = addresses.filter(({ state }) => state === 'confirmed').length;
  const yes =
    confirmed === 0 || confirmed === addresses.length ? 'yes' : `${confirmed}/${addresses.length}`;
  return {
    ...{ told: yes, confirmed: yes, 'cannot-tell': 'sent' },
    ...{ unconfirmed: 'no', gone: 'no', refused: 'no', untried: '-' },
  }[kind];
}

/** True if no mail reaches the buyer, and only the buyer can mend that. */
export function isMailTrouble({ kind }: MailStanding): boolean {
  return kind === 'unconfirmed' || kind === 'gone' || kind === 'refused';
}
