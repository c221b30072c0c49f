import type { Registration } from '../domain/registration/buyer.ts';
import { standingOf } from '../domain/license/canonical-state.ts';
import type { Head } from '../domain/check/head.ts';
import { MARKETPLACE_USAGE } from '../domain/license/contract.ts';
import { licenseStanding } from '../domain/license/standing.ts';
import type { Instant } from '../domain/time.ts';
import type { LastProbe, ProbeKind } from '../domain/check/observation.ts';
import { cleanText } from '../domain/outside-text.ts';
import { STANDING_WORDS } from '../mail/news/news.ts';

/** Whether the product would start in the buyer's account, as far as the last checks show. `unknown` in doubt. */
export interface StartForecast {
  readonly answer: 'yes' | 'no' | 'unknown';
  readonly reason: string;
}

/**
 * The forecast for a watched head (rule 2): `yes` only after an accepted checkout of what the licenses hold now, `no` for a named cause,
 * else `unknown` and why.
 */
export function wouldStart(
  { blind, refused, standing, verdict, state, lastProbe, needed }: Head,
  registration: Pick<Registration, 'probe'> | null,
  now: Instant,
): StartForecast {
  if (blind !== null) return unknown(`the licenses cannot be read since ${blind.since}`);
  if (refused?.told === true) {
    return no(
      'the reads say in force, yet a checkout that needs no seat was refused three checks running',
    );
  }
  if (refused !== null)
    return unknown('a checkout that needs no seat was refused; two checks more will show');
  if (verdict === 'not-entitled') {
    return no(
      standing === 'none'
        ? 'no license of the product was found'
        : `the license is ${STANDING_WORDS[standing]}`,
    );
  }
  if (verdict === 'unknown') return unknown('reads and checkout contradict each other');
  if (standingOf(state, now) !== 'in-force') {
    return unknown('in force when it was last looked at, and by its dates not any more');
  }
  if (needed === 'missing')
    return no('in force, but nothing that was bought is left in the license');
  if (lastProbe?.kind === 'checkout-not-granted') {
    return no(
      'in force, but the grant does not allow CheckoutLicense, which the product needs to start',
    );
  }
  if (registration?.probe !== true)
    return unknown('in force; checkouts are not tried, the buyer’s stack does not permit it');
  if (lastProbe === null)
    return unknown('in force; no checkout has been seen yet of the licenses as they are now');
  if (lastProbe.kind !== 'accepted') return unknown(`in force; ${REASONS[lastProbe.kind]}`);
  const drawn = state.find(({ licenseArn }) => licenseArn === lastProbe.licenseArn);
  if (drawn === undefined || licenseStanding(drawn, now) !== 'in-force') {
    return unknown('in force; the last checkout drew on a license that is not in force any more');
  }
  if (needed === 'unknown')
    return unknown('in force; which of its entitlements the product asks for is not known');
  return { answer: 'yes', reason: `in force, and a checkout ${whatOf(lastProbe)} was accepted` };
}

/** Why the last probe leaves the answer open. */
const REASONS: Readonly<Record<Exclude<ProbeKind, 'accepted' | 'checkout-not-granted'>, string>> = {
  refused: 'the last checkout was refused',
  'refused-counted': 'the last checkout of a unit was refused: all units may be in use',
  failed: 'the last checkout failed, for no reason that has to do with the license',
  denied: 'the reading role is not allowed to try a checkout',
  'nothing-allowed': 'AWS answered the last checkout with success, and with no entitlement in it',
  'another-name': 'AWS answered the last checkout with another entitlement than was asked for',
  'another-license':
    'AWS answered the last checkout with a license that the same check did not find usable',
  'none-in-force': 'no checkout was tried: the last check read no license in force',
  'check-in-not-granted': 'no checkout is tried: the grant does not let it be returned',
  'switched-off': 'no checkout is tried: the product is configured with "probe": "off"',
  'not-permitted': 'no checkout is tried: the buyer’s stack does not permit it',
  'none-returnable': 'no checkout is tried: it could not be returned',
  'only-drawdown': 'no checkout is tried: each would use up part of the pool',
  'only-seats': 'no checkout is tried: each would take a unit',
  'unit-out': 'no checkout is tried: the unit of an earlier one was not returned',
  'several-licenses':
    'no checkout is tried: several licenses are in force, and AWS chooses from which it takes a unit',
  'not-returnable': 'no checkout is tried: a unit could not be returned',
  'none-free': 'no checkout was tried: fewer than 2 units are known to be free',
  'out-of-time': 'no checkout was tried: reading the licenses took too long',
};

function whatOf({ entitlementName }: LastProbe): string {
  return entitlementName === MARKETPLACE_USAGE
    ? 'that needs no seat'
    : `of ${cleanText(entitlementName ?? '', 80)}`;
}

function no(reason: string): StartForecast {
  return { answer: 'no', reason };
}

function unknown(reason: string): StartForecast {
  return { answer: 'unknown', reason };
}
