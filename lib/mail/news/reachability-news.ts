import type { Unreachable } from '../../domain/notice/reachability.ts';
import { FOLLOW_CONFIRMATION, SUBSCRIBE_AGAIN } from '../aws-sentences.ts';
import { date, dayAndTime } from '../dates.ts';
import type { News, Of, Setting } from './news.ts';

/** Why notices reach nobody, in each case. */
export const UNREACHABLE_CAUSES: Readonly<Record<Unreachable, string>> = {
  'never-confirmed': 'no address of its notice topic was ever seen confirmed',
  gone: 'its addresses were confirmed, and none is any more: somebody unsubscribed, or a program did that opens every link of a mail',
  'topic-closed': 'its notice topic is gone, or refuses what is sent to it',
};

/** Nothing needs fixing if the buyer only wants a queue. */
export const CANNOT_TELL =
  'the topic does not let its subscriptions be listed, or a queue or a function is subscribed and no address was named';

/** The remedy, to follow "Ask the buyer to": `follow the link ...`. */
export function unreachableRemedy(state: Unreachable, isWithoutStack: boolean): string {
  switch (state) {
    case 'never-confirmed':
      return FOLLOW_CONFIRMATION;
    case 'gone':
      return SUBSCRIBE_AGAIN;
    case 'topic-closed':
      return isWithoutStack
        ? 'give the topic the policy that the buyer template gives its notice topic'
        : 'delete the License Watcher stack and to create it again with the same parameters';
  }
}

/** To the seller only: it reaches nobody else. */
export function unreachableNews(
  { after }: Of<'BuyerUnreachable'>,
  { entry, isWithoutStack = false }: Setting,
): News {
  const state = after.reachability;
  return {
    subject: [`notices reach nobody, seen ${date(entry.observedAt)}`],
    sentence: `Notices to this buyer reach nobody, as seen on ${dayAndTime(entry.observedAt)}: ${UNREACHABLE_CAUSES[state]}. This concerns all that the buyer has.`,
    forSeller: `Ask the buyer to ${unreachableRemedy(state, isWithoutStack)}. What the buyer should know until then, you are asked to tell.`,
    about: ['mail'],
  };
}

export function reachableNews({ after }: Of<'BuyerReachable'>, { entry }: Setting): News {
  const who =
    after.reachability === 'confirmed'
      ? 'an address of its notice topic is confirmed'
      : 'something is subscribed to its notice topic, though who reads it cannot be seen';
  return {
    subject: [`notices can be sent again, seen ${date(entry.observedAt)}`],
    sentence: `Notices to this buyer can be sent again, as seen on ${dayAndTime(entry.observedAt)}: ${who}. What waited is sent.`,
    about: ['mail'],
  };
}
