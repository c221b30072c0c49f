import { type Renewal, renewalAt } from '../../domain/agreement/agreement-facts.ts';
import { isNear } from '../../domain/agreement/pipeline.ts';
import { canBeChanged, type RenewalIntent } from '../../domain/agreement/renewal-intent.ts';
import type { Reminder } from '../../domain/ledger/ledger.ts';
import { endOf } from '../../domain/license/canonical-state.ts';
import type { Instant } from '../../domain/time.ts';
import {
  DECISION_CLOSED,
  DECISION_CLOSES,
  LOOK_OR_RENEW,
  MORE_OR_LONGER,
  SWITCH_OFF,
  SWITCH_ON,
  SUBSCRIPTIONS_PAGE,
} from '../aws-sentences.ts';
import { dateWithDistance, dayAndTime, timeLeft } from '../dates.ts';
import { deadlineWords, intentWords, renewalSaid } from '../intent-words.ts';
import { cleanText } from '../../domain/outside-text.ts';
import type { Present } from '../mail.ts';
import { IF_NOT_RENEWED } from './meanings.ts';
import {
  askForOffer,
  askSomebody,
  capital,
  type News,
  purchasePlace,
  type Setting,
  type Step,
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

/** The words for a coming end in a subject, and what happens then if that is known. */
export function renewalPoint(
  end: Instant,
  setting: Setting,
): { readonly verb: string; readonly after: readonly string[] } {
  const intent = knownRenewal(end, setting)?.intent;
  if (intent?.kind === 'renews') return { verb: 'set to renew', after: [] };
  if (intent?.kind === 'replaced') return { verb: 'changes offer', after: [] };
  return { verb: 'ends', after: intent === undefined ? [] : [', does not renew'] };
}

/** The deadline for changing what happens at the end is near. */
export function decisionNews({ end, share }: Reminder, decideBy: Instant, setting: Setting): News {
  const { now, voice, present } = setting;
  const left = timeLeft(decideBy, now);
  const what = `the agreement of ${voice.license}${share === null ? '' : ` (${sharePart(share)})`}`;
  const renewal = knownRenewal(end, setting);
  const until = dateWithDistance(decideBy, now);
  // If agreements were read before, what AWS says today is no longer known.
  const said =
    renewal === null
      ? `${present.agreements === null ? 'It can be decided' : 'It is not known, and can be decided,'} until ${until}, what happens to ${what} at its end on ${dayAndTime(end)}.`
      : `AWS says today that on ${dayAndTime(end)} ${what} ${intentWords(renewal.intent)}. This can be changed until ${until}.`;
  return {
    subject: [`decide on renewal ${left}`],
    shorter: [`decide ${left}`],
    sentence: said,
    means: [DECISION_CLOSES, ...(renewal?.intent.kind === 'expires' ? [IF_NOT_RENEWED] : [])],
    steps: renewalSteps(renewal, setting),
    ...hint(renewalForSeller(end, setting)),
    about: ['renewal'],
  };
}

export function hint(forSeller: string | undefined): Pick<News, 'forSeller'> {
  return forSeller === undefined ? {} : { forSeller };
}

/** `10 ReadOnly of license ...89abcdef`: follows the words that say whose they are. */
export function sharePart(share: string): string {
  return cleanText(share.replaceAll('your ', ''), 300);
}
