import { canonicalJson } from '../../../../domain/ledger/canonical-json.ts';
import type { Instant } from '../../../../domain/time.ts';
import {
  isDeleted,
  type TestEntitlement,
  type TestGrant,
  type TestLicense,
  type TestTerms,
} from '../../../aws/test-licenses.ts';

/** What a person wants of the test license. */
export type Goal =
  | { readonly kind: 'have'; readonly terms: TestTerms }
  | {
      readonly kind: 'amend';
      /** Null: they stay as they are. */
      readonly entitlements: readonly TestEntitlement[] | null;
      readonly end: Instant | null;
    }
  | { readonly kind: 'end'; readonly now: Instant }
  | { readonly kind: 'delete' };

/** The license and its grants, as AWS shows them. */
export interface Situation {
  readonly license: TestLicense | undefined;
  /** Grants of the license, the newest last. */
  readonly grants: readonly TestGrant[];
  /** ARNs of all licenses that are shown. */
  readonly earlier: readonly string[];
}

/** What is to be done next. */
export type TestLicenseStep =
  | { readonly do: 'create'; readonly terms: TestTerms }
  | { readonly do: 'grant'; readonly after: readonly string[] }
  | { readonly do: 'new-version'; readonly terms: TestTerms }
  | { readonly do: 'delete-grant'; readonly grant: TestGrant }
  | { readonly do: 'delete-license' }
  /** The buyer takes this step and the next. */
  | { readonly do: 'accept'; readonly grant: TestGrant }
  | { readonly do: 'activate'; readonly grant: TestGrant }
  /** Nothing is to be done; `state` says why. */
  | { readonly do: 'nothing'; readonly state: State };

export type State =
  /** The watcher can see the license. */
  | 'active'
  | 'ended'
  | 'deleted'
  /** There is no license to amend or end. */
  | 'none'
  /** AWS is working on the grant, or does not show yet what was asked for. */
  | 'pending'
  /** The grant has a status that no documentation explains, or that this version does not know. */
  | 'unclear';

/** Statuses of grants that are over: another one takes their place. */
const OVER = ['REJECTED', 'FAILED_WORKFLOW', 'DELETED', 'PENDING_DELETE'];

export function nextStep(
  { license, grants }: Omit<Situation, 'earlier'>,
  goal: Goal,
  now: Instant,
): TestLicenseStep {
  const live = license === undefined || isDeleted(license) ? undefined : license;
  if (goal.kind === 'delete') return deletion(live, grants);
  if (live === undefined)
    return goal.kind === 'have'
      ? { do: 'create', terms: goal.terms }
      : { do: 'nothing', state: 'none' };
  const terms = wanted(live.terms, goal);
  if (!isSame(terms, live.terms)) return { do: 'new-version', terms };
  if (isOver(live.terms, now)) return { do: 'nothing', state: 'ended' };
  return ofGrant(grants);
}

/**
 * Deletes the license first, as when an agreement is canceled, so that the buyer sees it deleted, not gone; then its grants, which would
 * show it for longer.
 */
function deletion(live: TestLicense | undefined, grants: readonly TestGrant[]): TestLicenseStep {
  if (live !== undefined) return { do: 'delete-license' };
  const grant = grants.find(({ status }) => !OVER.includes(status));
  return grant === undefined ? { do: 'nothing', state: 'deleted' } : { do: 'delete-grant', grant };
}

function wanted(terms: TestTerms, goal: Exclude<Goal, { readonly kind: 'delete' }>): TestTerms {
  switch (goal.kind) {
    case 'have':
      return terms;
    case 'amend':
      return {
        begin: terms.begin,
        end: goal.end ?? terms.end,
        entitlements: goal.entitlements ?? terms.entitlements,
      };
    case 'end':
      return isOver(terms, goal.now) ? terms : { ...terms, end: goal.now };
  }
}

/** True if a license that is there already has other terms than those that were asked for. Null: nothing was asked for. */
export function isOtherThan(
  terms: TestTerms,
  asked: Omit<Extract<Goal, { readonly kind: 'amend' }>, 'kind'>,
): boolean {
  return !isSame(wanted(terms, { kind: 'amend', ...asked }), terms);
}

function isOver({ end }: TestTerms, now: Instant): boolean {
  return end !== null && end <= now;
}

/** Compares entitlements in any order, because AWS may list them in another one. */
function isSame(a: TestTerms, b: TestTerms): boolean {
  const text = ({ begin, end, entitlements }: TestTerms): string =>
    canonicalJson({
      begin,
      end,
      entitlements: entitlements.map((each) => canonicalJson(each)).toSorted(),
    });
  return text(a) === text(b);
}

function ofGrant(grants: readonly TestGrant[]): TestLicenseStep {
  const grant = grants.findLast(({ status }) => !OVER.includes(status));
  switch (grant?.status) {
    case undefined:
      return { do: 'grant', after: grants.map(({ grantArn }) => grantArn) };
    case 'PENDING_ACCEPT':
      return { do: 'accept', grant: grant };
    case 'DISABLED':
      return { do: 'activate', grant: grant };
    case 'ACTIVE':
      return { do: 'nothing', state: 'active' };
    case 'PENDING_WORKFLOW':
      return { do: 'nothing', state: 'pending' };
    default:
      return { do: 'nothing', state: 'unclear' };
  }
}
