import { type ProbeKind, UNCLEAR, UNTRIED } from '../../../../domain/check/observation.ts';
import { findingsIn } from '../doctor/finding.ts';
import { nameOf, type PreflightFinding, type SeenContract, some } from './facts.ts';

const inGrant = findingsIn('grant');
const inProbe = findingsIn('probe');

/** What a probe says about the grant, or the reason why there was none. `granted`: as far as AWS says. */
const GRANT: Readonly<Record<ProbeKind, 'granted' | 'no-checkout' | 'no-check-in' | 'unknown'>> = {
  accepted: 'granted',
  refused: 'granted',
  'refused-counted': 'granted',
  failed: 'granted',
  denied: 'granted',
  'nothing-allowed': 'granted',
  'another-name': 'granted',
  'another-license': 'granted',
  'checkout-not-granted': 'no-checkout',
  'check-in-not-granted': 'no-check-in',
  // These are found before the grant is looked at, or before its second half is.
  'none-in-force': 'unknown',
  'switched-off': 'unknown',
  'not-permitted': 'unknown',
  'out-of-time': 'unknown',
  'none-returnable': 'granted',
  'only-drawdown': 'granted',
  'only-seats': 'granted',
  'unit-out': 'granted',
  'several-licenses': 'granted',
  'not-returnable': 'granted',
  'none-free': 'granted',
};

export function grantFindings(contracts: readonly SeenContract[]): readonly PreflightFinding[] {
  const of = (grant: (typeof GRANT)[ProbeKind]): readonly string[] =>
    contracts
      .filter(({ head }) => head.lastProbe !== null && GRANT[head.lastProbe.kind] === grant)
      .map(({ who }) => who);
  const [granted, noCheckout, noCheckIn] = [of('granted'), of('no-checkout'), of('no-check-in')];
  return [
    ...(granted.length === 0
      ? []
      : [inGrant.ok('it allows checkouts and check-ins', { detail: `seen at ${some(granted)}` })]),
    ...(noCheckout.length === 0
      ? []
      : [
          inGrant.failure(UNTRIED['checkout-not-granted'], {
            detail: `at ${some(noCheckout)}: the product cannot start there`,
            remedy: 'have whoever granted the license allow it, in a new version of the grant',
          }),
        ]),
    ...(noCheckIn.length === 0
      ? []
      : [
          inGrant.warning(UNTRIED['check-in-not-granted'], {
            detail: `at ${some(noCheckIn)}: what the product checks out comes back only when its time is over, so nothing is probed there`,
            remedy: 'have whoever granted the license allow both, in a new version of the grant',
          }),
        ]),
    ...(granted.length + noCheckout.length + noCheckIn.length > 0
      ? []
      : [
          inGrant.warning('what it allows is not known', {
            detail: 'no license is in force, or none was tried',
            remedy: 'look at a buyer with a license in force: license-watcher check <account>',
          }),
        ]),
  ];
}

/** What can be tried without holding a seat, and what came of it. */
export function probeFindings(contracts: readonly SeenContract[]): readonly PreflightFinding[] {
  const kinds = new Map<ProbeKind, SeenContract[]>();
  for (const contract of contracts) {
    const kind = contract.head.lastProbe?.kind;
    if (kind === undefined || GRANT[kind] === 'no-checkout' || GRANT[kind] === 'no-check-in')
      continue;
    kinds.set(kind, [...(kinds.get(kind) ?? []), contract]);
  }
  return [...kinds].map(([kind, of]) => probeFinding(kind, of));
}

function probeFinding(kind: ProbeKind, contracts: readonly SeenContract[]): PreflightFinding {
  const at = `at ${some(contracts.map(({ who }) => who))}`;
  const names = [
    ...new Set(
      contracts
        .map(({ head }) => head.lastProbe?.entitlementName)
        .filter((n) => typeof n === 'string'),
    ),
  ].map(nameOf);
  const asked = names.length === 0 ? 'an entitlement' : some(names);
  const see = 'see the calls: license-watcher check <account>';
  switch (kind) {
    case 'accepted': {
      const isCounted = contracts.some(({ head: { lastProbe, state } }) =>
        state.some(({ entitlements }) =>
          entitlements.some(
            ({ name, unit }) => name === lastProbe?.entitlementName && unit !== 'None',
          ),
        ),
      );
      return isCounted
        ? inProbe.ok(`a checkout of one unit of ${asked} was accepted, and returned`, {
            detail: at,
          })
        : inProbe.ok(`a checkout of ${asked} was accepted, and holds no seat`, { detail: at });
    }
    case 'refused':
    case 'refused-counted':
      return inProbe.warning(`a checkout of ${asked} was refused`, {
        detail: `${at}; the product may not start there${kind === 'refused-counted' ? ', or all units were in use' : ''}`,
        remedy: see,
      });
    case 'failed':
      return inProbe.warning('a checkout failed', { detail: at, remedy: see });
    case 'denied':
      return inProbe.warning('the buyer’s role may not check out', { detail: at, remedy: see });
    case 'nothing-allowed':
    case 'another-name':
    case 'another-license':
      return inProbe.warning(UNCLEAR[kind], { detail: at, remedy: see });
    case 'none-in-force':
    case 'checkout-not-granted':
    case 'check-in-not-granted':
    case 'switched-off':
    case 'not-permitted':
    case 'none-returnable':
    case 'only-drawdown':
    case 'only-seats':
    case 'unit-out':
    case 'several-licenses':
    case 'not-returnable':
    case 'none-free':
    case 'out-of-time':
      return inProbe.ok(`nothing was tried: ${UNTRIED[kind]}`, {
        detail: `${at}; no seat is held, and what is bought until when is read all the same`,
      });
  }
}
