import {
  type BuyerReachability,
  currentReachability,
  unreachable,
} from '../../../../domain/notice/reachability.ts';
import type { Buyer } from '../../../../domain/registration/buyer.ts';
import {
  CANNOT_TELL,
  UNREACHABLE_CAUSES,
  unreachableRemedy,
} from '../../../../mail/news/reachability-news.ts';
import { timeText } from '../../output/moment.ts';
import { addressWords } from '../buyers/troubles.ts';
import { type HealthFinding, warning } from './finding.ts';

/** Of the buyer, not of each contract. */
export function topicFindings(
  who: string,
  buyer: Buyer,
  found: BuyerReachability | undefined,
): readonly HealthFinding[] {
  const seen = currentReachability(found, buyer.registration);
  if (buyer.status !== 'active' || seen === undefined) return [];
  const addresses = addressWords(
    seen.addresses.map(({ address }) => address),
    seen,
  );
  const detail = seen.addresses.length === 0 ? null : addresses;
  const unread = unreachable(seen.state);
  if (unread !== null)
    return [
      warning(
        'buyers',
        `${who}: notices reach nobody since ${timeText(seen.since)}: ${UNREACHABLE_CAUSES[unread]}`,
        {
          detail,
          remedy: `ask the buyer to ${unreachableRemedy(unread, buyer.registration?.stackId === null)}`,
        },
      ),
    ];
  if (seen.state === 'cannot-tell')
    return [
      warning('buyers', `${who}: notices are sent, and nobody can see to whom: ${CANNOT_TELL}`, {
        detail,
        remedy:
          'let the buyer’s topic allow send-notices sns:ListSubscriptionsByTopic, as the buyer template does; where no more than a queue or a function is wanted there is nothing to do',
      }),
    ];
  const missing = seen.addresses.filter(
    ({ state }) => state === 'gone' || state === 'never-confirmed',
  );
  if (missing.length === 0) return [];
  return [
    warning('buyers', `${who}: an address gets no notices, another does`, {
      detail,
      remedy: missing.some(({ state }) => state === 'gone')
        ? `ask the buyer to ${unreachableRemedy('gone', false)}`
        : `ask the buyer to ${unreachableRemedy('never-confirmed', false)}`,
    }),
  ];
}
