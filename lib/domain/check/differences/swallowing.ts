import type { Change, ChangeType } from '../changes.ts';

/** A change that says all that others would say of the same difference, and why. */
export const SWALLOWS: Readonly<
  Partial<Record<ChangeType, { readonly others: readonly ChangeType[]; readonly reason: string }>>
> = {
  LicenseCanceled: {
    others: ['LicenseShortened', 'LicenseExpired'],
    reason:
      'AWS may write the moment of a cancellation as the end: it did not run out, it was canceled',
  },
  LicenseDeactivated: {
    others: ['LicenseShortened', 'LicenseExpired'],
    reason: 'the issuer ended it; a moved end is how that is written',
  },
  LicenseSuspended: {
    others: ['LicenseShortened', 'LicenseExpired'],
    reason: 'a suspension may come with a moved end, and the end may move back',
  },
  LicenseRemoved: {
    others: ['LicenseShortened'],
    reason: 'nothing is left whose end could be earlier',
  },
  LicenseRenewed: {
    others: ['LicenseGranted', 'LicenseExpired'],
    reason: 'the new license goes on where the old one ended: neither a first one nor an end',
  },
};

export function withoutSwallowed(changes: readonly Change[]): readonly Change[] {
  const swallowed = new Set(changes.flatMap(({ type }) => SWALLOWS[type]?.others ?? []));
  return changes.filter(({ type }) => !swallowed.has(type));
}
