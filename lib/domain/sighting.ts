import type { EntitlementUsage, License } from './licenses.ts';

/** What became of the CheckoutLicense of a check. Only `accepted` and `refused` say anything of the contract. */
export type ProbeOutcome =
  | {
      readonly outcome: 'accepted';
      readonly entitlementName: string;
      readonly licenseArn: string | null;
      readonly checkedIn: boolean;
      /** A counted unit is out: it returns by itself when its time to live is over. */
      readonly unitOut?: true;
    }
  | { readonly outcome: 'refused'; readonly entitlementName: string; readonly unit: string; readonly error: string }
  | { readonly outcome: 'not-probed'; readonly reason: string }
  | {
      readonly outcome: 'failed';
      readonly error: string;
      readonly reason: string;
      /** A counted unit may be out for all we know: only the answer is lost. */
      readonly unitOut?: true;
    };

/** Causes on the buyer's side, each with a remedy only the buyer has. */
export const BLIND_CAUSES = [
  'role-missing-or-untrusting',
  'wrong-account',
  'permission-missing',
  'service-linked-role-missing',
  'region-disabled',
] as const;
export type BlindCause = (typeof BLIND_CAUSES)[number];

/** Causes on our side or on AWS's. */
export const TROUBLE_CAUSES = [
  'throttled',
  'aws-failing',
  'timed-out',
  'unreachable',
  'unexpected-answer',
  'our-permission-missing',
] as const;
export type TroubleCause = (typeof TROUBLE_CAUSES)[number];

/** What one check saw of one contract, or why it saw nothing. */
export type Sighting =
  | {
      readonly kind: 'seen';
      /** Licenses of the product's SKUs by the product's issuer, dead ones included, in no particular order. */
      readonly licenses: readonly License[];
      /** ARNs of licenses of the same SKU by another issuer: reported, never merged. */
      readonly foreign: readonly string[];
      readonly probe: ProbeOutcome;
      /** Null: not read in this check, not shared, or not permitted. */
      readonly usage: readonly EntitlementUsage[] | null;
    }
  | { readonly kind: 'blind'; readonly cause: BlindCause; readonly detail: string }
  | { readonly kind: 'trouble'; readonly cause: TroubleCause; readonly detail: string }
  /** Nobody looked: the buyer is blind and backed off. Only the calendar goes on. */
  | { readonly kind: 'not-looked' }
  /** The buyer's stack left; there is nothing to look at any more. */
  | { readonly kind: 'left'; readonly detail: string };
