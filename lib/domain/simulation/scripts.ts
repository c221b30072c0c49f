import type { SeenObservation } from '../check/believed-read.ts';
import type { ChangeType } from '../check/changes.ts';
import type { Observation } from '../check/observation.ts';
import { endOf } from '../license/canonical-state.ts';
import type { License } from '../license/contract.ts';
import { share } from '../license/quantity.ts';
import { dateOf, dueAt, endsOf } from '../notice/reminders.ts';
import type { Instant } from '../time.ts';
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
import type { Selection } from './selection.ts';
import {
  ACCEPTED,
  carrierOf,
  licensesOf,
  REFUSED,
  type Script,
  seen,
  type SimulatedContract,
} from './simulated-contract.ts';

/** Ways in which what is wished for could come about, the nearest to what is there first. None of them is sure to: `decide` says. */
export function scriptsFor(wish: Selection, stage: SimulatedContract): readonly Script[] {
  return wish.kind === 'change' ? CHANGES[wish.type](stage) : reminders(wish.daysBefore, stage);
}

/** The clock is put forward, or back, to the day of the reminder. */
function reminders(daysBefore: number, stage: SimulatedContract): readonly Script[] {
  const { head, now, product } = stage;
  if (!product.reminderDays.includes(daysBefore)) return [];
  return endsOf(head.state, now)
    .filter(({ end }) => daysBefore < 0 || end > now)
    .map(({ end }) => ({
      ...then(stage, dueAt(end, daysBefore)),
      startHead: { marks: head.marks.filter(({ endDate }) => endDate !== dateOf(end)) },
    }));
}

type Plays = (stage: SimulatedContract) => readonly Script[];

const CHANGES: Readonly<Record<ChangeType, Plays>> = {
  WatchStarted: (stage) => [{ ...now(stage, quiet(licensesOf(stage))), startHead: null }],
  WatchEnded: (stage) => [now(stage, { kind: 'left', detail: 'the buyer deleted the stack' })],
  WatchLost: (stage) => [now(stage, ...BLIND)],
  WatchRestored: (stage) => [now(stage, ...BLIND, quiet(licensesOf(stage)))],

  LicenseGranted: (stage) => {
    const granted = quiet([another(carrierOf(stage), stage.product, stage.now)]);
    return [now(stage, granted), now(stage, GONE, GONE, granted)];
  },
  LicenseBegan: (stage) => [
    ...begins(stage),
    now(stage, quiet(beginning(stage)), quiet(beginning(stage))),
  ],
  LicenseNotActivated: (stage) => {
    const waiting = altered(another(carrierOf(stage), stage.product, stage.now), {
      receivedStatus: 'PENDING_ACCEPT',
    });
    return [
      now(stage, quiet([...licensesOf(stage), waiting])),
      now(stage, GONE, GONE, quiet([waiting])),
    ];
  },
  GrantActivated: (stage) => [
    now(stage, all(stage, usable)),
    now(
      stage,
      all(stage, (license) => altered(license, { receivedStatus: 'DISABLED' })),
      all(stage, usable),
    ),
  ],
  GrantDeactivated: (stage) => [
    now(
      stage,
      all(stage, (license) => altered(license, { receivedStatus: 'DISABLED' })),
    ),
  ],

  LicenseRenewed: (stage) => alter(stage, (license) => renewed(license, stage.now)),
  LicenseShortened: (stage) => alter(stage, (license) => shortened(license, stage.now)),
  LicenseExpired: (stage) => {
    const end = endOf(stage.head.state);
    return end === null || end <= stage.now ? [] : [then(stage, end)];
  },
  LicenseCanceled: (stage) => [
    now(
      stage,
      all(stage, (license) => altered(license, { status: 'DELETED' })),
    ),
  ],
  LicenseRemoved: (stage) => [now(stage, GONE, GONE)],
  LicenseSuspended: (stage) => [now(stage, suspended(stage))],
  LicenseDeactivated: (stage) => [
    now(
      stage,
      all(stage, (license) => altered(license, { status: 'DEACTIVATED' })),
    ),
  ],
  LicenseReinstated: (stage) => [
    now(stage, all(stage, usable)),
    now(stage, suspended(stage), all(stage, usable)),
  ],

  LicenseUpgraded: (stage) => [
    ...alter(stage, (license) => inTier(license, stage.product, 1)),
    ...alter(stage, (license) => inNumber(license, 'more')),
  ],
  LicenseDowngraded: (stage) => [
    ...alter(stage, (license) => inTier(license, stage.product, -1)),
    ...alter(stage, (license) => inNumber(license, 'less')),
  ],
  EntitlementsChanged: (stage) => [
    ...alter(stage, (license) => mixedUp(license, stage.product)),
    ...alter(stage, (license) => inUnknownTier(license, stage.product)),
  ],

  AnotherLicenseFound: (stage) => {
    const twin = another(carrierOf(stage), stage.product, stage.now);
    return [{ ...now(stage, quiet([...licensesOf(stage), twin])) }];
  },
  ForeignLicenseFound: (stage) => [now(stage, { ...quiet(licensesOf(stage)), foreign: [FOREIGN] })],
  CheckoutRefused: (stage) => probed(stage, REFUSED, REFUSED, REFUSED),
  CheckoutAccepted: (stage) => probed(stage, REFUSED, REFUSED, REFUSED, ACCEPTED),
  UsageThresholdCrossed: usage,
};

/** At the present time. */
function now({ now: at }: SimulatedContract, ...looks: readonly Observation[]): Script {
  return { at, observations: looks };
}

/** When its time comes, though nothing is altered; what is due before is past by then. */
function then(stage: SimulatedContract, at: Instant): Script {
  const look = quiet(licensesOf(stage));
  return { at, observations: [look, look] };
}

/** A good read of these licenses, in which no checkout is tried. */
function quiet(licenses: readonly License[]): SeenObservation {
  return seen(licenses, {
    outcome: 'not-probed',
    untried: 'left-out',
    reason: 'nothing is tried in a simulation',
  });
}

/** An ARN that nobody takes for one of AWS's. */
const FOREIGN = 'arn:aws:license-manager::000000000000:license:l-000000000000test';

/** Two ticks must agree that a license is gone, and three that nothing can be seen. */
const GONE: Observation = quiet([]);
const BLIND: readonly Observation[] = Array.from({ length: 3 }, () => ({
  kind: 'blind' as const,
  cause: 'role-missing-or-untrusting' as const,
  detail: 'AccessDenied: not authorized to perform sts:AssumeRole',
}));

function all(stage: SimulatedContract, change: (license: License) => License): SeenObservation {
  return quiet(licensesOf(stage).map(change));
}

function suspended(stage: SimulatedContract): SeenObservation {
  return all(stage, (license) => altered(license, { status: 'SUSPENDED' }));
}

/** The license that carries the contract is altered, the others stay. */
function alter(
  stage: SimulatedContract,
  change: (license: License) => License | null,
): readonly Script[] {
  const carrier = carrierOf(stage);
  const next = carrier === undefined ? null : change(carrier);
  if (next === null) return [];
  const others = licensesOf(stage).filter(({ licenseArn }) => licenseArn !== next.licenseArn);
  return [now(stage, quiet([...others, next]))];
}

/** A begin to come: the clock is put forward to it. */
function begins(stage: SimulatedContract): readonly Script[] {
  return licensesOf(stage)
    .filter(({ validity }) => validity.begin > stage.now)
    .map(({ validity }) => then(stage, validity.begin));
}

/** As if all of it began just now. */
function beginning(stage: SimulatedContract): readonly License[] {
  const { now: begin } = stage;
  return licensesOf(stage).map((license) =>
    altered(license, { validity: { ...license.validity, begin } }),
  );
}

/** A product that is not probed hears nothing of checkouts. */
function probed(
  stage: SimulatedContract,
  ...answers: readonly Parameters<typeof seen>[1][]
): readonly Script[] {
  if (stage.product.probe === 'off') return [];
  return [now(stage, ...answers.map((answer) => seen(licensesOf(stage), answer)))];
}

/** The first threshold that is not reached yet, of whatever is counted. */
function usage(stage: SimulatedContract): readonly Script[] {
  const licenses = licensesOf(stage);
  const known = stage.head.usage ?? [];
  return licenses
    .flatMap(({ entitlements }) => entitlements.filter(isLimited))
    .flatMap(({ name, unit, maxCount }) =>
      [80, 90, 100].map((percent) => {
        const others = known.filter((each) => each.name !== name);
        const used = { name, unit, maxCount, consumed: share(maxCount, percent) };
        return now(stage, { ...quiet(licenses), usage: [...others, used] });
      }),
    );
}
