import { CHANGE_TYPES, type ChangeType } from '../check/changes.ts';
import type { Product } from '../license/product.ts';

/** The event that a simulated notice is about. */
export type SelectedEvent =
  | { readonly kind: 'change'; readonly type: ChangeType }
  /** A reminder of an end, or of a decision deadline, until which it can be changed what happens at the end. */
  | { readonly kind: 'reminder' | 'decision'; readonly daysBefore: number };

/**
 * Parses `LicenseRenewed`, in any case; `reminder-30`, 30 days before the end; `reminder+1`, a day after it; `decide-7`, 7 days before
 * the decision deadline. Undefined: none of these.
 */
export function parseSelection(text: string): SelectedEvent | undefined {
  const [, sign, days] = /^reminder([-+])(\d{1,4})$/i.exec(text) ?? [];
  if (sign !== undefined && Number(days) > 0) {
    return { kind: 'reminder', daysBefore: sign === '-' ? Number(days) : -Number(days) };
  }
  const decision = Number(/^decide-(\d{1,4})$/i.exec(text)?.[1]);
  if (decision > 0) return { kind: 'decision', daysBefore: decision };
  const type = CHANGE_TYPES.find((each) => each.toLowerCase() === text.toLowerCase());
  return type && { kind: 'change', type };
}

/** The name of a selection, as `parseSelection` reads it. */
export function selectionName(selection: SelectedEvent): string {
  if (selection.kind === 'change') return selection.type;
  if (selection.kind === 'decision') return `decide-${selection.daysBefore}`;
  return selection.daysBefore > 0
    ? `reminder-${selection.daysBefore}`
    : `reminder+${-selection.daysBefore}`;
}

/** Everything that may happen to a contract of the product: all changes, and the reminders of its schedule. */
export function selectionsOf({
  reminderDays,
  decisionDays,
}: Pick<Product, 'reminderDays' | 'decisionDays'>): readonly SelectedEvent[] {
  return [
    ...CHANGE_TYPES.map((type) => ({ kind: 'change' as const, type })),
    ...reminderDays
      .filter((daysBefore) => daysBefore !== 0)
      .map((daysBefore) => ({ kind: 'reminder' as const, daysBefore })),
    ...decisionDays.map((daysBefore) => ({ kind: 'decision' as const, daysBefore })),
  ];
}

/** What a contract needs for a change to happen to it. Shown when a simulation is refused. */
export const NEEDS: Readonly<Record<ChangeType, string>> = {
  WatchStarted: 'needs nothing',
  WatchEnded: 'needs a watch that goes on',
  WatchLost: 'needs a watch that goes on',
  WatchRestored: 'needs a watch that goes on',
  BuyerUnreachable: 'needs a watch that goes on',
  BuyerReachable: 'needs a watch that goes on',
  LicenseGranted:
    'needs a contract whose license can go and another come; after an end that is a renewal',
  LicenseBegan: 'needs a license that can be used, with an end to come',
  LicenseNotActivated:
    'needs a contract whose standing a license that waits for its grant can join',
  GrantActivated: 'needs a license that can be used, with an end to come',
  GrantDeactivated: 'needs a license whose grant is active, with an end to come',
  LicenseRenewed: 'needs a license with an end that can move later',
  LicenseShortened: 'needs a license in force whose end is more than two days away',
  LicenseExpired: 'needs a license with an end to come',
  LicenseCanceled: 'needs a license that is not over',
  LicenseRemoved: 'needs a license that is not over',
  LicenseSuspended: 'needs a license that is not suspended already',
  LicenseDeactivated: 'needs a license that is not deactivated already',
  LicenseReinstated: 'needs a license that can be suspended and used again, with an end to come',
  LicenseUpgraded:
    'needs a tier above the one owned, or a limited number of something that can be more',
  LicenseDowngraded:
    'needs a tier below the one owned, or a limited number of something that can be less',
  EntitlementsChanged:
    'needs a tier below the one owned, or a limited number of something that can be less',
  AnotherLicenseFound: 'needs a license in force',
  ForeignLicenseFound: 'needs a watch that goes on',
  CheckoutRefused: 'needs a license in force, of a product and a buyer that are probed',
  CheckoutAccepted: 'needs a license in force, of a product and a buyer that are probed',
  UsageThresholdCrossed:
    'needs a limited number of something, not used up to the last threshold yet',
  RenewalIntentChanged: 'needs an active agreement with an end, read from the seller’s account',
  AgreementAmended: 'needs an active agreement with an end, read from the seller’s account',
  AgreementEnded: 'needs an active agreement, read from the seller’s account',
  AgreementDisagreed: 'needs an active agreement with an end, read from the seller’s account',
};
