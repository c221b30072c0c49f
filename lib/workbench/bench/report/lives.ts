import {
  type Entitlement,
  type License,
  MARKETPLACE_USAGE,
} from '../../../domain/license/contract.ts';
import {
  DEFAULT_DECISION_DAYS,
  DEFAULT_REMINDER_DAYS,
  MARKETPLACE_FINGERPRINT,
  type Product,
} from '../../../domain/license/product.ts';
import { quantity, share } from '../../../domain/license/quantity.ts';
import type { Observation } from '../../../domain/check/observation.ts';
import { another } from '../../../domain/simulation/altered-licenses.ts';
import { DAY, HOUR, plus, type Instant } from '../../../domain/time.ts';
import type { Phase } from '../../mails/sample-mails.ts';
import { sha256 } from '../../../aws/text.ts';

export const PRODUCTS: readonly Product[] = [
  product('viewer', 'Meridian Viewer', []),
  product('suite', 'Meridian Suite', ['BasicTier', 'IntermediateTier', 'PremiumTier']),
  product('lake', 'Meridian Data Lake', []),
];

function product(id: string, name: string, tiers: readonly string[]): Product {
  return {
    ...{ id, name, dimensions: {}, tiers, productSku: `prod-meridian${id}`, formerSkus: [] },
    ...{
      issuerFingerprint: MARKETPLACE_FINGERPRINT,
      reminderDays: DEFAULT_REMINDER_DAYS,
      decisionDays: DEFAULT_DECISION_DAYS,
      probe: 'safe',
      retired: false,
    },
    ...{ contact: 'renewals@seller.example', renewalUrl: null },
  };
}

/** A buyer's life: terms of a year, sometimes amended, renewed in time, late, or not at all. Some buyers are blind for a while. */
export function phasesOf(index: number, of: Product, start: Instant): readonly Phase[] {
  const phases: Phase[] = [];
  // The first term began before the watch, so that the ends are spread over the year.
  let begin = plus(start, -((index * 53) % 300) * DAY);
  let size = 1 + (index % 3);
  let version = 1;
  for (let term = 0; term < 3; term += 1) {
    const validity = { begin, end: plus(begin, (365 - (index % 30)) * DAY) };
    const id = sha256(`${index} ${term}`).slice(0, 32);
    const license = (traits: Partial<License> = {}): License => ({
      ...another(undefined, of, begin),
      licenseArn: `arn:aws:license-manager::294406891311:license:l-${id}`,
      ...{ version: String(version), validity, entitlements: bought(of, size), ...traits },
    });
    const phase = (days: number, traits?: Partial<License>, used = 0.5): Phase => ({
      from: plus(begin, days * DAY),
      observation: seen([license(traits)], of, used),
    });
    phases.push(phase(0, {}, 0.1));
    for (const days of [
      30 + (index % 17),
      95 + (index % 23),
      150 + (index % 31),
      215 + (index % 19),
      270 + (index % 13),
    ]) {
      version += 1;
      size = Math.max(1, size + ((days + index) % 3 === 0 ? -1 : 1));
      phases.push(phase(days, {}, ((days + index) % 95) / 100));
    }
    if (index % 9 === term)
      phases.push(...outage(plus(begin, 180 * DAY + index * HOUR)), phase(183, {}, 0.6));
    if (index % 50 === 7 && term === 1)
      phases.push(phase(300, { status: 'SUSPENDED' }), phase(310));
    if (index % 33 === 5 && term === 1) return [...phases, ...outage(plus(begin, 340 * DAY))];
    if (index % 41 === 11 && term === 1) {
      return [
        ...phases,
        {
          from: plus(begin, 300 * DAY),
          observation: { kind: 'left', detail: 'the stack was deleted' },
        },
      ];
    }
    if (index % 11 === 3 && term === 1) return phases;
    begin = plus(validity.end, index % 7 === 0 ? 2 * HOUR : 0);
  }
  return phases;
}

/** Drops the phases before the watch; the one in effect at its start begins with it. */
export function watchedFrom(start: Instant, phases: readonly Phase[]): readonly Phase[] {
  const sorted = phases.toSorted((a, b) => (a.from < b.from ? -1 : 1));
  const first = sorted.findLastIndex(({ from }) => from <= start);
  return sorted
    .slice(Math.max(0, first))
    .map((phase) => (phase.from < start ? { ...phase, from: start } : phase));
}

function outage(from: Instant): readonly Phase[] {
  const detail = 'AccessDenied: not authorized to perform sts:AssumeRole';
  return [{ from, observation: { kind: 'blind', cause: 'role-missing-or-untrusting', detail } }];
}

function bought({ id, tiers }: Product, size: number): readonly Entitlement[] {
  const usage = { ...entitlement(MARKETPLACE_USAGE, 'None', null), value: 'Enabled' };
  const tier = tiers[Math.min(size, tiers.length) - 1];
  if (tier !== undefined) return [usage, entitlement(tier, 'None', null)];
  return id === 'lake'
    ? [usage, entitlement('DataConsumption', 'Gigabytes', size * 250)]
    : [usage, entitlement('ReadOnly', 'Count', size * 5), entitlement('Author', 'Count', size)];
}

function entitlement(name: string, unit: string, maxCount: number | null): Entitlement {
  return {
    name,
    unit,
    value: null,
    maxCount: maxCount === null ? null : quantity(maxCount),
    overage: false,
  };
}

function seen(licenses: readonly License[], { id }: Product, used: number): Observation {
  const usage = licenses.flatMap(({ entitlements }) =>
    entitlements.flatMap(({ name, unit, maxCount }) =>
      maxCount === null
        ? []
        : [{ name, unit, maxCount, consumed: share(maxCount, Math.round(used * 100)) }],
    ),
  );
  return {
    ...{ kind: 'seen', licenses, foreign: [], usage: id === 'lake' ? usage : null },
    probe: {
      outcome: 'accepted',
      entitlementName: MARKETPLACE_USAGE,
      licenseArn: licenses[0]?.licenseArn ?? '',
      checkedIn: true,
    },
  };
}
