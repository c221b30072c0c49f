import type { License } from '../license/contract.ts';
import type { UsageRead } from './seen-usage.ts';
import type { Note, NoteText } from '../ledger/note.ts';
import type { BuyerReachability } from '../notice/reachability.ts';
import type { Instant } from '../time.ts';

/** Why no checkout was tried, in words. */
export const UNTRIED = {
  'none-in-force': 'no license is in force',
  'checkout-not-granted': 'the grant does not allow CheckoutLicense',
  'check-in-not-granted': 'the grant does not allow both CheckoutLicense and CheckInLicense',
  'switched-off': 'probing is switched off for this product',
  'not-permitted': 'the buyer’s stack does not permit probing',
  'none-returnable': 'its entitlements of unit None cannot be returned (AllowCheckIn false)',
  'only-drawdown': 'a drawdown license is probed with a unit None only, and it has none',
  'only-seats': 'no entitlement of unit None; counted probing is not opted in',
  'unit-out': 'a unit that an earlier probe took was not returned',
  'several-licenses':
    'several licenses are in force: which one a checkout would draw on cannot be chosen',
  'not-returnable': 'it has no seats that can be returned',
  'none-free': 'fewer than 2 units are known to be free',
  'out-of-time': 'the time of this look was used up by its reads',
  /** On purpose, in this look alone: it says nothing about the next. */
  'left-out': 'nothing is tried in this look',
} as const;
export type Untried = keyof typeof UNTRIED;

/** How the answer to a checkout differs from what was asked for, although AWS calls it a success; in words. */
export const UNCLEAR = {
  'nothing-allowed': 'the answer allows nothing',
  'another-name': 'the answer allows another entitlement',
  'another-license': 'the answer names no license in force whose grant allows a checkout',
} as const;
export type Unclear = keyof typeof UNCLEAR;

/** What became of the CheckoutLicense of a check. Only `accepted` and `refused` say anything about the contract. */
export type ProbeOutcome =
  /** The answer holds the name that was asked for, and a license in force whose grant allows a checkout. */
  | {
      readonly outcome: 'accepted';
      readonly entitlementName: string;
      readonly licenseArn: string;
      readonly checkedIn: boolean;
      /** A counted unit is out: it returns by itself when its time to live is over. */
      readonly unitOut?: true;
    }
  /** AWS took the checkout and answered something else: neither accepted nor refused. */
  | {
      readonly outcome: 'unclear';
      readonly what: Unclear;
      readonly entitlementName: string;
      readonly licenseArn: string | null;
      readonly checkedIn: boolean;
      /** A counted unit is out: it returns by itself when its time to live is over. */
      readonly unitOut?: true;
    }
  | {
      readonly outcome: 'refused';
      readonly entitlementName: string;
      readonly unit: string;
      readonly error: string;
    }
  | { readonly outcome: 'not-probed'; readonly untried: Untried; readonly reason: string }
  | {
      readonly outcome: 'failed';
      readonly error: string;
      readonly reason: string;
      /** The buyer's side denied it: the reading role may not check out. */
      readonly denied?: true;
      /** A counted unit may be out: perhaps only the answer was lost. */
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
  /** AWS answers too slowly for one look to read all licenses that the account has in force. */
  'too-many-licenses',
  /** The seller's settings no longer name the SKU or the issuer of licenses that are known. */
  'settings-changed',
] as const;
export type TroubleCause = (typeof TROUBLE_CAUSES)[number];

/** How the detail of `too-many-licenses` ends. */
export const UNFINISHED = 'were read when the time of the look was over';

/** How the detail of `settings-changed` ends. */
export const NOT_IN_SETTINGS = 'which the settings of the product no longer name';

/** What one check saw of one contract, or why it saw nothing. */
export type Observation =
  | {
      readonly kind: 'seen';
      /** Licenses of the product's SKUs by the product's issuer, dead ones included, in no particular order. */
      readonly licenses: readonly License[];
      /** ARNs of licenses of the same SKU by another issuer: reported, never merged. */
      readonly foreign: readonly string[];
      readonly probe: ProbeOutcome;
      /** Null: not read in this check, not shared, or not permitted. */
      readonly usage: readonly UsageRead[] | null;
    }
  | { readonly kind: 'blind'; readonly cause: BlindCause; readonly detail: string }
  | { readonly kind: 'trouble'; readonly cause: TroubleCause; readonly detail: string }
  /** Nobody looked: the buyer is blind and backed off. Only the calendar goes on. */
  | { readonly kind: 'not-looked' }
  /** A look at who reads the buyer's notice topic, not at licenses; `since`: since when that is so. */
  | ({ readonly kind: 'topic' } & Pick<BuyerReachability, 'state' | 'since'>)
  /** Nobody looked: the seller said something about the contract. `written`: the part that may be erased. */
  | { readonly kind: 'said'; readonly note: Note; readonly written: NoteText['written'] }
  /** The buyer's stack left; there is nothing to look at any more. */
  | { readonly kind: 'left'; readonly detail: string };

/** An observation that saw nothing, because AWS or the buyer's account did not let it. */
export type FailedObservation = Extract<Observation, { kind: 'blind' | 'trouble' }>;

type NeverRemembered = 'left-out';

/** What a probe did, as far as it is remembered. */
export type ProbeKind =
  | 'accepted'
  | 'refused'
  | 'refused-counted'
  | 'failed'
  | 'denied'
  | Unclear
  | Exclude<Untried, NeverRemembered>;

export const PROBE_KINDS: readonly ProbeKind[] = [
  'accepted',
  'refused',
  'refused-counted',
  'failed',
  'denied',
  ...(Object.keys(UNCLEAR) as Unclear[]),
  ...(Object.keys(UNTRIED) as Untried[]).filter((each) => each !== 'left-out'),
];

/** What the head remembers about the last probe. Another kind or another state is news; another probe that did the same is not. */
export interface LastProbe {
  readonly kind: ProbeKind;
  readonly entitlementName: string | null;
  readonly licenseArn: string | null;
  /** When a probe of this state first did so. */
  readonly since: Instant;
}
