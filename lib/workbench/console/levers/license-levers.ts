import type { EntitlementTerms, TestLicenses, Terms } from '../../scenarios/test-licenses.ts';
import { DAY } from '../../../domain/time.ts';
import { amountWords } from '../products.ts';
import {
  agreementOver,
  bought,
  changed,
  endOf,
  gone,
  isSeats,
  isStopped,
  renewalFixed,
  toUse,
  unusable,
  withoutEnd,
  type LicenseSituation,
} from './license-situation.ts';

export interface LicenseLever {
  readonly id: string;
  readonly title: (situation: LicenseSituation) => string;
  /** Why it cannot be pulled; null if it can. */
  readonly refusal: (situation: LicenseSituation) => string | null;
  readonly pull: (situation: LicenseSituation, licenses: TestLicenses) => Promise<unknown>;
}

const YEAR = 365 * DAY;
const MONTH = 30 * DAY;

/** Each lever is an action at AWS: an agreement is amended or canceled, or the buyer's administrator does something. */
export const LICENSE_LEVERS: readonly LicenseLever[] = [
  {
    id: 'more',
    title: (situation) => {
      const more = changed(situation, 1);
      return more === undefined ? 'Upgrade' : `Upgrade to ${amountWords(more)}`;
    },
    refusal: (situation) =>
      gone(situation) ?? (changed(situation, 1) === undefined ? 'it has the highest tier' : null),
    pull: (situation, licenses) => amendTo(changed(situation, 1), situation, licenses),
  },
  {
    id: 'less',
    title: (situation) => {
      const less = changed(situation, -1);
      return less === undefined ? 'Downgrade' : `Downgrade to ${amountWords(less)}`;
    },
    refusal: (situation) =>
      gone(situation) ??
      (changed(situation, -1) === undefined ? 'there is nothing below what it has' : null),
    pull: (situation, licenses) => amendTo(changed(situation, -1), situation, licenses),
  },
  {
    id: 'renew',
    title: () => 'Renew by a year',
    refusal: (situation) => gone(situation) ?? withoutEnd(situation),
    pull: (situation, licenses) =>
      amend({ end: iso(Math.max(endOf(situation), situation.now) + YEAR) }, situation, licenses),
  },
  {
    id: 'shorten',
    title: () => 'Shorten by 30 days',
    refusal: (situation) =>
      gone(situation) ??
      withoutEnd(situation) ??
      (endOf(situation) - MONTH <= situation.now ? 'it ends within 30 days anyway' : null),
    pull: (situation, licenses) =>
      amend({ end: iso(endOf(situation) - MONTH) }, situation, licenses),
  },
  statusLever('suspend', 'Suspend', 'SUSPENDED'),
  statusLever('deactivate', 'Deactivate', 'DEACTIVATED'),
  {
    id: 'reinstate',
    title: () => 'Reinstate',
    refusal: (situation) =>
      gone(situation) ?? (isStopped(situation) ? null : 'it is not suspended or deactivated'),
    pull: ({ license }, licenses) => licenses.amend(license, {}, 'AVAILABLE'),
  },
  {
    id: 'grant-off',
    title: () => 'Deactivate the grant, as the buyer',
    refusal: (situation) =>
      gone(situation) ?? (situation.license.grantStatus === 'ACTIVE' ? null : 'it is not active'),
    pull: ({ license }, licenses) => licenses.setGrant(license, 'DISABLED'),
  },
  {
    id: 'grant-on',
    title: () => 'Activate the grant, as the buyer',
    refusal: (situation) =>
      gone(situation) ?? (situation.license.grantStatus === 'DISABLED' ? null : 'it is active'),
    pull: ({ license }, licenses) => licenses.setGrant(license, 'ACTIVE'),
  },
  {
    id: 'use',
    title: (situation) =>
      isSeats(bought(situation))
        ? 'Take all free seats for an hour'
        : 'Use up to the next threshold',
    refusal: unusable,
    pull: (situation, licenses) => {
      const entitlement = bought(situation);
      const type = isSeats(entitlement) ? 'PROVISIONAL' : 'PERPETUAL';
      return licenses.checkOut(situation.license, entitlement, toUse(situation), type);
    },
  },
  renewalLever('buyer', ({ renewal }) => renewal?.enableAutoRenew === true),
  renewalLever('seller', ({ renewal }) => renewal?.sellerOptedOut !== true),
  {
    id: 'ask-to-cancel',
    title: () => 'Ask to cancel, as the seller',
    refusal: (situation) =>
      gone(situation) ??
      agreementOver(situation) ??
      (situation.isCancellationRequested ? 'the buyer has been asked already' : null),
    pull: ({ license }, { agreements }) =>
      done(() => agreements?.requestCancellation(license.licenseArn)),
  },
  {
    id: 'refuse-to-cancel',
    title: () => 'Refuse to cancel, as the buyer',
    refusal: (situation) =>
      gone(situation) ?? (situation.isCancellationRequested ? null : 'nobody asks to cancel it'),
    pull: ({ license }, { agreements }) =>
      done(() => agreements?.rejectCancellation(license.licenseArn)),
  },
  {
    id: 'advisory',
    title: ({ isAdvised }) =>
      isAdvised ? 'Resolve the advisory, as AWS' : 'Issue an advisory, as AWS',
    refusal: (situation) => gone(situation) ?? agreementOver(situation),
    pull: ({ license, isAdvised }, { agreements }) =>
      done(() => agreements?.advise(license.licenseArn, isAdvised ? 'Resolved' : 'Issued')),
  },
  {
    id: 'cancel',
    title: () => 'Cancel the agreement',
    refusal: gone,
    pull: ({ license }, licenses) => licenses.cancel(license),
  },
];

async function amendTo(
  entitlement: EntitlementTerms | undefined,
  situation: LicenseSituation,
  licenses: TestLicenses,
): Promise<unknown> {
  if (entitlement === undefined) throw new Error('there is nothing to change it to');
  return amend({ entitlements: [entitlement] }, situation, licenses);
}

/** Changes only the terms: a suspended license stays suspended. */
function amend(
  change: Partial<Terms>,
  situation: LicenseSituation,
  licenses: TestLicenses,
): Promise<unknown> {
  return licenses.amend(
    situation.license,
    change,
    isStopped(situation) ? situation.status : 'AVAILABLE',
  );
}

function statusLever(id: string, title: string, status: 'SUSPENDED' | 'DEACTIVATED'): LicenseLever {
  return {
    id,
    title: () => title,
    refusal: (situation) => {
      const { license, now } = situation;
      const ended = license.terms.end !== undefined && endOf(situation) <= now;
      return (
        gone(situation) ??
        (ended ? 'it has ended' : situation.status === status ? 'it is already' : null)
      );
    },
    pull: ({ license }, licenses) => licenses.amend(license, {}, status),
  };
}

/** Each party has its own switch; the agreement renews if both are on. */
function renewalLever(
  party: 'buyer' | 'seller',
  isOn: (agreement: NonNullable<LicenseSituation['agreement']>) => boolean,
): LicenseLever {
  const on = ({ agreement }: LicenseSituation): boolean =>
    agreement !== undefined && isOn(agreement);
  return {
    id: `renewal-${party}`,
    title: (situation) => `Switch renewal ${on(situation) ? 'off' : 'on'}, as the ${party}`,
    refusal: (situation) => gone(situation) ?? agreementOver(situation) ?? renewalFixed(situation),
    pull: (situation, { agreements }) =>
      done(() => agreements?.setAutoRenew(situation.license.licenseArn, party, !on(situation))),
  };
}

function done(work: () => void): Promise<void> {
  return Promise.resolve().then(work);
}

function iso(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}
