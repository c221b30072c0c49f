import type { SeenObservation } from '../check/believed-read.ts';
import type { ChangeType } from '../check/changes.ts';
import type { Observation } from '../check/observation.ts';
import { endOf } from '../license/canonical-state.ts';
import type { License } from '../license/contract.ts';
import { share } from '../license/quantity.ts';
import { licenseStanding } from '../license/standing.ts';
import type { Reachability } from '../notice/reachability.ts';
import { dateOf, decisionsOf } from '../notice/reminder-days.ts';
import { dueAt, endsOf, isOfEnd } from '../notice/reminders.ts';
import type { Instant } from '../time.ts';
import { amends, disagrees, ends, intentChanges } from './agreement-scripts.ts';
import {
  altered,
  another,
  inNumber,
  inTier,
  inUnknownTier,
  isLimited,
  mixedUp,
  renewed,
  shortened,
  usable,
} from './altered-licenses.ts';
import type { SelectedEvent } from './selected-event.ts';
import {
  ACCEPTED,
  carrierLicense,
  licensesOf,
  quiet,
  REFUSED,
  type SimulatedLooks,
  seen,
  type SimulatedContract,
} from './simulated-contract.ts';

/** Scripts by which the selected event could happen, those closest to the present contract first. Whether it does, `decide` finds out. */
export function scriptsFor(
  selection: SelectedEvent,
  contract: SimulatedContract,
): readonly SimulatedLooks[] {
  switch (selection.kind) {
    case 'change':
      return CHANGES[selection.type](contract);
    case 'reminder':
      return reminders(selection.daysBefore, contract);
    case 'decision':
      return decisions(selection.daysBefore, contract);
  }
}

/** Scripts that set the clock forward or back to the day of the reminder. */
function reminders(daysBefore: number, contract: SimulatedContract): readonly SimulatedLooks[] {
  const { head, now, product } = contract;
  if (!product.reminderDays.includes(daysBefore)) return [];
  return endsOf(head.state, now)
    .filter(({ end }) => daysBefore < 0 || end > now)
    .map(({ end }) => ({
      ...then(contract, dueAt(end, daysBefore)),
      startHead: { marks: head.marks.filter(({ endDate }) => endDate !== dateOf(end)) },
    }));
}

function decisions(daysBefore: number, contract: SimulatedContract): readonly SimulatedLooks[] {
  const { head, now, product } = contract;
  if (!product.decisionDays.includes(daysBefore)) return [];
  return decisionsOf(head.agreements, now).map(({ decideBy }) => ({
    ...then(contract, dueAt(decideBy, daysBefore)),
    startHead: { marks: head.marks.filter(isOfEnd) },
  }));
}

type ScriptsFor = (contract: SimulatedContract) => readonly SimulatedLooks[];

const CHANGES: Readonly<Record<ChangeType, ScriptsFor>> = {
  WatchStarted: (contract) => [{ ...now(contract, quiet(licensesOf(contract))), startHead: null }],
  WatchEnded: (contract) => [
    now(contract, { kind: 'left', detail: 'the buyer deleted the stack' }),
  ],
  WatchLost: (contract) => [now(contract, ...BLIND)],
  WatchRestored: (contract) => [now(contract, ...BLIND, quiet(licensesOf(contract)))],
  BuyerUnreachable: (contract) => [
    { ...now(contract, topic('gone', contract)), startHead: { unreachable: null } },
  ],
  BuyerReachable: (contract) => [
    now(contract, topic('gone', contract), topic('confirmed', contract)),
    now(contract, topic('confirmed', contract)),
  ],

  LicenseGranted: (contract) => {
    const granted = quiet([another(carrierLicense(contract), contract.product, contract.now)]);
    return [now(contract, granted), now(contract, GONE, GONE, granted)];
  },
  LicenseBegan: (contract) => [
    ...begins(contract),
    now(contract, quiet(beginning(contract)), quiet(beginning(contract))),
  ],
  LicenseNotActivated: (contract) => {
    const waiting = altered(another(carrierLicense(contract), contract.product, contract.now), {
      receivedStatus: 'PENDING_ACCEPT',
    });
    return [
      now(contract, quiet([...licensesOf(contract), waiting])),
      now(contract, GONE, GONE, quiet([waiting])),
    ];
  },
  GrantActivated: (contract) => [
    now(contract, all(contract, usable)),
    now(
      contract,
      all(contract, (license) => altered(license, { receivedStatus: 'DISABLED' })),
      all(contract, usable),
    ),
  ],
  GrantDeactivated: (contract) => [
    now(
      contract,
      all(contract, (license) => altered(license, { receivedStatus: 'DISABLED' })),
    ),
  ],

  LicenseRenewed: (contract) => alter(contract, (license) => renewed(license, contract.now)),
  LicenseShortened: (contract) => alter(contract, (license) => shortened(license, contract.now)),
  LicenseExpired: (contract) => {
    const end = endOf(contract.head.state);
    return end === null || end <= contract.now ? [] : [then(contract, end)];
  },
  LicenseCanceled: (contract) => [
    now(
      contract,
      all(contract, (license) => altered(license, { status: 'DELETED' })),
    ),
  ],
  LicenseRemoved: (contract) => [now(contract, GONE, GONE)],
  LicenseSuspended: (contract) => [now(contract, suspended(contract))],
  LicenseDeactivated: (contract) => [
    now(
      contract,
      all(contract, (license) => altered(license, { status: 'DEACTIVATED' })),
    ),
  ],
  LicenseReinstated: (contract) => [
    now(contract, all(contract, usable)),
    now(contract, suspended(contract), all(contract, usable)),
  ],

  LicenseUpgraded: (contract) => [
    ...alter(contract, (license) => inTier(license, contract.product, 1)),
    ...alter(contract, (license) => inNumber(license, 'more')),
  ],
  LicenseDowngraded: (contract) => [
    ...alter(contract, (license) => inTier(license, contract.product, -1)),
    ...alter(contract, (license) => inNumber(license, 'less')),
  ],
  EntitlementsChanged: (contract) => [
    ...alter(contract, (license) => mixedUp(license, contract.product)),
    ...alter(contract, (license) => inUnknownTier(license, contract.product)),
  ],

  AnotherLicenseFound: (contract) => {
    const twin = another(carrierLicense(contract), contract.product, contract.now);
    return [{ ...now(contract, quiet([...licensesOf(contract), twin])) }];
  },
  ForeignLicenseFound: (contract) => [
    now(contract, { ...quiet(licensesOf(contract)), foreign: [FOREIGN] }),
  ],
  CheckoutRefused: (contract) => probed(contract, REFUSED, REFUSED, REFUSED),
  CheckoutAccepted: (contract) => probed(contract, REFUSED, REFUSED, REFUSED, ACCEPTED),
  UsageThresholdCrossed: usage,

  RenewalIntentChanged: intentChanges,
  AgreementAmended: amends,
  AgreementEnded: ends,
  AgreementDisagreed: disagrees,
};

/** A script of these looks, the last one at the present time. */
function now({ now: at }: SimulatedContract, ...looks: readonly Observation[]): SimulatedLooks {
  return { at, observations: looks };
}

/** A script that alters only the time: two looks, the last one at `at`, so that the first one deals with what is due earlier. */
function then(contract: SimulatedContract, at: Instant): SimulatedLooks {
  const look = quiet(licensesOf(contract));
  return { at, observations: [look, look] };
}

/** A look at who reads the buyer's topic. */
function topic(state: Reachability, { now: since }: SimulatedContract): Observation {
  return { kind: 'topic', state, since };
}

/** An ARN that nobody takes for one of AWS's. */
const FOREIGN = 'arn:aws:license-manager::000000000000:license:l-000000000000test';

/** A license is gone only if two ticks agree, and a buyer is blind only if three do. */
const GONE: Observation = quiet([]);
const BLIND: readonly Observation[] = Array.from({ length: 3 }, () => ({
  kind: 'blind' as const,
  cause: 'role-missing-or-untrusting' as const,
  detail: 'AccessDenied: not authorized to perform sts:AssumeRole',
}));

function all(contract: SimulatedContract, change: (license: License) => License): SeenObservation {
  return quiet(licensesOf(contract).map(change));
}

function suspended(contract: SimulatedContract): SeenObservation {
  return all(contract, (license) => altered(license, { status: 'SUSPENDED' }));
}

/** A script in which the license that carries the contract is altered and the others stay. */
function alter(
  contract: SimulatedContract,
  change: (license: License) => License | null,
): readonly SimulatedLooks[] {
  const carrier = carrierLicense(contract);
  const next = carrier === undefined ? null : change(carrier);
  if (next === null) return [];
  const others = licensesOf(contract).filter(({ licenseArn }) => licenseArn !== next.licenseArn);
  return [now(contract, quiet([...others, next]))];
}

/** Scripts that set the clock forward to the begin of each license that has not begun. */
function begins(contract: SimulatedContract): readonly SimulatedLooks[] {
  return licensesOf(contract)
    .filter(({ validity }) => validity.begin > contract.now)
    .map(({ validity }) => then(contract, validity.begin));
}

/** The licenses as if all of them began just now. */
function beginning(contract: SimulatedContract): readonly License[] {
  const { now: begin } = contract;
  return licensesOf(contract).map((license) =>
    altered(license, { validity: { ...license.validity, begin } }),
  );
}

/** A script of probes with these answers; none if the product is not probed. */
function probed(
  contract: SimulatedContract,
  ...answers: readonly Parameters<typeof seen>[1][]
): readonly SimulatedLooks[] {
  if (contract.product.probe === 'off') return [];
  return [now(contract, ...answers.map((answer) => seen(licensesOf(contract), answer)))];
}

/** Scripts in which each counted entitlement reaches each threshold, lowest first. What is held counts as free before. */
function usage(contract: SimulatedContract): readonly SimulatedLooks[] {
  const licenses = licensesOf(contract);
  const known = contract.head.usage ?? [];
  // Usage of other licenses is not read.
  const inForce = licenses.filter((each) => licenseStanding(each, contract.now) === 'in-force');
  return inForce
    .flatMap(({ entitlements }) => entitlements.filter(isLimited))
    .flatMap(({ name, unit, maxCount, overage }) =>
      [80, 90, 100, ...(overage ? [110] : [])].map((percent) => {
        const others = known.filter((each) => each.name !== name);
        const used = { name, unit, maxCount, consumed: share(maxCount, percent) };
        return now(contract, { ...quiet(licenses), usage: [...others, used] });
      }),
    );
}
