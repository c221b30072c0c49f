import { type Renewal, renewalAt } from '../../domain/agreement/agreement-facts.ts';
import { isNear } from '../../domain/agreement/pipeline.ts';
import { canBeChanged, type RenewalIntent } from '../../domain/agreement/renewal-intent.ts';
import { endOf } from '../../domain/license/canonical-state.ts';
import type { Instant } from '../../domain/time.ts';
import {
  DECISION_CLOSED,
  LOOK_OR_RENEW,
  MORE_OR_LONGER,
  SWITCH_OFF,
  SWITCH_ON,
  SUBSCRIPTIONS_PAGE,
} from '../aws-sentences.ts';
import { deadlineWords, renewalSaid } from '../intent-words.ts';
import {
  askForOffer,
  askSomebody,
  capital,
  type News,
  purchasePlace,
  type Setting,
  type Step,
  type Present,
} from './news.ts';

/** What AWS says today about an end. Null: it is not known. */
export function knownRenewal(
  end: Instant | null,
  { present }: Pick<Setting, 'present'>,
): Renewal | null {
  const renewal = renewalAt(present.agreements, end);
  return renewal?.intent.kind === 'unknown' ? null : renewal;
}

/**
 * What AWS says about the end of a license in force, if that asks somebody to act now: it does not renew, and either its end is near or
 * whoever switched the renewal off may still switch it on. Null: it asks nobody.
 */
export function endsUnlessDecided(
  { state, agreements }: Pick<Present, 'state' | 'agreements'>,
  now: Instant,
): Renewal | null {
  const end = endOf(state);
  const renewal = renewalAt(agreements, end);
  if (end === null || end <= now || renewal?.intent.kind !== 'expires') return null;
  return isNear({ at: end }, now) || canStillBeChanged(renewal, now) ? renewal : null;
}

/** Whether it renews, and until when that can be changed. Null: it is not known. */
export function renewalMeans(end: Instant | null, setting: Setting): string | null {
  const renewal = end === null ? null : knownRenewal(end, setting);
  if (renewal === null) return null;
  const said = `${capital(renewalSaid('the agreement', renewal.intent))}.`;
  const deadline = deadlineWords(renewal, setting.now);
  return deadline === null ? said : `${said} ${deadline}`;
}

/** What the buyer does about a coming end. Nobody is told to look up what is known. */
export function renewalSteps(
  renewal: Renewal | null,
  { product, now }: Pick<Setting, 'product' | 'now'>,
): readonly Step[] {
  const own = product.renewalUrl === null ? [] : [`Or renew at ${purchasePlace(product)}`];
  const otherwise = `Otherwise ${askForOffer(product)}`;
  if (renewal === null) return [LOOK_OR_RENEW, ...own, otherwise];
  const { intent } = renewal;
  const isOpen = canStillBeChanged(renewal, now);
  switch (intent.kind) {
    case 'renews':
      return isOpen ? [`If it is not to renew, ${SWITCH_OFF}`] : [];
    case 'replaced':
      return [`If the terms of that offer do not suit you, ${askForOffer(product)}`];
    case 'expires':
      if (isOpen && intent.because === 'buyer-switched-off')
        return [`If you still need it, ${SWITCH_ON}`, otherwise];
      if (isOpen && intent.because === 'seller-switched-off')
        return [`If you still need it, ${askSomebody(product)} to switch the renewal on again`];
      return [
        `If you still need it, ${askForOffer(product)}`,
        `Or renew at ${product.renewalUrl === null ? SUBSCRIPTIONS_PAGE : purchasePlace(product)}`,
      ];
    case 'no-end':
    case 'unknown':
      return [];
  }
}

/** What the seller does about a coming end. Undefined: nothing. */
export function renewalForSeller(end: Instant, setting: Setting): string | undefined {
  const renewal = knownRenewal(end, setting);
  return renewal === null
    ? MORE_OR_LONGER
    : sellersPart(renewal.intent, canStillBeChanged(renewal, setting.now));
}

export function sellersPart(intent: RenewalIntent, isOpen: boolean): string | undefined {
  switch (intent.kind) {
    case 'renews':
    case 'no-end':
    case 'unknown':
      return undefined;
    case 'replaced':
      return 'If the buyer is to keep these terms, make a new private offer.';
    case 'expires':
      return EXPIRES[intent.because][isOpen ? 'open' : 'closed'];
  }
}

const NEW_OFFER = 'If both want to go on, make a new offer.';
const EXPIRES = {
  'buyer-switched-off': {
    open: 'Ask the buyer why, while it can still be switched on again.',
    closed: DECISION_CLOSED,
  },
  'seller-switched-off': {
    open: 'If this was not meant, switch it on again before the deadline.',
    closed: DECISION_CLOSED,
  },
  'no-renewal-term': { open: NEW_OFFER, closed: NEW_OFFER },
  'renewals-used-up': { open: NEW_OFFER, closed: NEW_OFFER },
  unknown: { open: NEW_OFFER, closed: NEW_OFFER },
} as const satisfies Readonly<
  Record<Extract<RenewalIntent, { kind: 'expires' }>['because'], object>
>;

function canStillBeChanged({ intent, decideBy }: Renewal, now: Instant): boolean {
  return canBeChanged(intent) && (decideBy === null || decideBy > now);
}

export function hint(forSeller: string | undefined): Pick<News, 'forSeller'> {
  return forSeller === undefined ? {} : { forSeller };
}
