import { type BuyerReachability, unreachable } from '../../../../domain/notice/reachability.ts';
import type { Buyer } from '../../../../domain/registration/buyer.ts';
import {
  CANNOT_TELL,
  UNREACHABLE_CAUSES,
  unreachableRemedy,
} from '../../../../mail/news/reachability-news.ts';
import { timeText } from '../../output/moment.ts';
import { addressWords } from '../buyers/troubles.ts';
import { findingsIn, type HealthFinding } from './finding.ts';

const inBuyers = findingsIn('buyers');

/** Findings about the buyer, not about each contract. `seen`: what was seen of this registration's topic. */
export function topicFindings(
  who: string,
  buyer: Buyer,
  seen: BuyerReachability | undefined,
): readonly HealthFinding[] {
  if (buyer.status !== 'active' || seen === undefined) return [];
  const given = seen.addresses.map(({ address }) => address);
  const detail = given.length === 0 ? null : addressWords(given, seen);
  const cause = unreachable(seen.state);
  if (cause !== null)
    return [
      inBuyers.warning(
        `${who}: notices reach nobody since ${timeText(seen.since)}: ${UNREACHABLE_CAUSES[cause]}`,
        {
          detail,
          remedy: `ask the buyer to ${unreachableRemedy(cause, buyer.registration?.stackId === null)}`,
        },
      ),
    ];
  if (seen.state === 'cannot-tell')
    return [
      inBuyers.warning(`${who}: notices are sent, and nobody can see to whom: ${CANNOT_TELL}`, {
        detail,
        remedy:
          'let the buyer’s topic allow send-notices sns:ListSubscriptionsByTopic, as the buyer template does; if only a queue or a function is wanted there is nothing to do',
      }),
    ];
  const missing = seen.addresses.filter(
    ({ state }) => state === 'gone' || state === 'never-confirmed',
  );
  if (missing.length === 0) return [];
  return [
    inBuyers.warning(`${who}: an address gets no notices, another does`, {
      detail,
      remedy: `ask the buyer to ${unreachableRemedy(missing.some(({ state }) => state === 'gone') ? 'gone' : 'never-confirmed', false)}`,
    }),
  ];
}
