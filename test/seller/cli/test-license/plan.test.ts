import { describe, expect, test } from 'vitest';
import type { TestGrant, TestLicense } from '../../../../lib/seller/aws/test-licenses.ts';
import {
  type Goal,
  nextStep,
  type Situation,
  type TestLicenseStep,
} from '../../../../lib/seller/cli/commands/test-license/plan.ts';
import * as fc from '../../../support/property.ts';
import { at } from '../../../support/licenses.ts';

const NOW = at('2027-03-01T10:00');
const BASIC = { name: 'BasicTier', unit: 'None', count: null, returns: true };
const PREMIUM = { ...BASIC, name: 'PremiumTier' };
const TERMS = { begin: at('2027-03-01'), end: at('2027-03-11'), entitlements: [BASIC] };

const HAVE: Goal = { kind: 'have', terms: TERMS };
const MORE: Goal = { kind: 'amend', entitlements: [PREMIUM], end: null };
const LONGER: Goal = { kind: 'amend', entitlements: null, end: at('2027-04-01') };
const END: Goal = { kind: 'end', now: NOW };
const DELETE: Goal = { kind: 'delete' };

function license(changes: Partial<TestLicense> = {}): TestLicense {
  return {
    licenseArn: 'arn:aws:license-manager::999900001111:license:l-1',
    version: '1',
    status: 'AVAILABLE',
    issuerFingerprint: 'aws:999900001111:Self:issuer-fingerprint',
    terms: TERMS,
    ...changes,
  };
}

function grant(status: string, id = '1'): TestGrant {
  return { grantArn: `arn:aws:license-manager::999900001111:grant:g-${id}`, version: '1', status };
}

const ENDED = license({ terms: { ...TERMS, end: NOW } });
const DELETED = license({ status: 'DELETED' });
const nothing = (state: string) => ({ do: 'nothing', state });

describe('what is next', () => {
  test.each<[string, TestLicense | undefined, readonly TestGrant[], Goal, object]>([
    ['nothing is there', undefined, [], HAVE, { do: 'create', terms: TERMS }],
    ['it was deleted', DELETED, [grant('DELETED')], HAVE, { do: 'create', terms: TERMS }],
    ['it is not granted', license(), [], HAVE, { do: 'grant', after: [] }],
    [
      'the grant was rejected',
      license(),
      [grant('REJECTED')],
      HAVE,
      { do: 'grant', after: [grant('').grantArn] },
    ],
    ['AWS works on the grant', license(), [grant('PENDING_WORKFLOW')], HAVE, nothing('pending')],
    ['it is granted', license(), [grant('PENDING_ACCEPT')], HAVE, { do: 'accept' }],
    ['it is accepted', license(), [grant('DISABLED')], HAVE, { do: 'activate' }],
    ['it is active', license(), [grant('ACTIVE')], HAVE, nothing('active')],
    [
      'a later grant took the place of a rejected one',
      license(),
      [grant('REJECTED'), grant('ACTIVE', '2')],
      HAVE,
      nothing('active'),
    ],
    [
      'nobody explains the status',
      license(),
      [grant('WORKFLOW_COMPLETED')],
      HAVE,
      nothing('unclear'),
    ],
    ['nobody knows the status', license(), [grant('NEWER_THAN_US')], HAVE, nothing('unclear')],
    ['it has ended', ENDED, [grant('ACTIVE')], HAVE, nothing('ended')],
    ['there is none to amend', undefined, [], MORE, nothing('none')],
    ['there is none to end', DELETED, [], END, nothing('none')],
    [
      'it is to be more',
      license(),
      [grant('ACTIVE')],
      MORE,
      { do: 'new-version', terms: { ...TERMS, entitlements: [PREMIUM] } },
    ],
    [
      'it is that already',
      license({ terms: { ...TERMS, entitlements: [PREMIUM] } }),
      [grant('ACTIVE')],
      MORE,
      nothing('active'),
    ],
    [
      'what has ended is to last longer',
      ENDED,
      [grant('ACTIVE')],
      LONGER,
      { do: 'new-version', terms: { ...TERMS, end: at('2027-04-01') } },
    ],
    [
      'it is to end',
      license(),
      [grant('ACTIVE')],
      END,
      { do: 'new-version', terms: { ...TERMS, end: NOW } },
    ],
    ['it has ended already', ENDED, [grant('ACTIVE')], END, nothing('ended')],
    ['it is to go', license(), [grant('ACTIVE')], DELETE, { do: 'delete-license' }],
    ['its grant is left', DELETED, [grant('ACTIVE')], DELETE, { do: 'delete-grant' }],
    ['all of it is gone', DELETED, [grant('DELETED')], DELETE, nothing('deleted')],
    ['there never was one', undefined, [], DELETE, nothing('deleted')],
  ])('%s', (_why, found, grants, goal, step) => {
    expect(nextStep({ license: found, grants }, goal, NOW)).toMatchObject(step);
  });
});

const STATUSES = [
  ...['PENDING_WORKFLOW', 'PENDING_ACCEPT', 'REJECTED', 'ACTIVE', 'FAILED_WORKFLOW'],
  ...['DELETED', 'DISABLED', 'WORKFLOW_COMPLETED', 'PENDING_DELETE', 'new'],
];

/** What AWS does of a step, at once. */
function after(step: TestLicenseStep, { license: before, grants }: Omit<Situation, 'earlier'>) {
  const withGrant = (status: string) =>
    grants.map((each) => ('grant' in step && each === step.grant ? { ...each, status } : each));
  switch (step.do) {
    case 'create':
      return { license: license({ terms: step.terms }), grants: [] };
    case 'grant':
      return {
        license: before,
        grants: [...grants, grant('PENDING_ACCEPT', String(grants.length))],
      };
    case 'new-version':
      return { license: before && { ...before, terms: step.terms }, grants };
    case 'delete-license':
      return { license: before && { ...before, status: 'DELETED' }, grants };
    case 'delete-grant':
      return { license: before, grants: withGrant('DELETED') };
    case 'accept':
      return { license: before, grants: withGrant('DISABLED') };
    case 'activate':
      return { license: before, grants: withGrant('ACTIVE') };
    case 'nothing':
      return { license: before, grants };
  }
}

test('from wherever it stands it comes to an end, and asked again nothing is done', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(HAVE, MORE, LONGER, END, DELETE),
      fc.option(fc.constantFrom(license(), ENDED, DELETED), { nil: undefined }),
      fc.array(fc.constantFrom(...STATUSES), { maxLength: 4 }),
      (goal, found, statuses) => {
        let situation: Omit<Situation, 'earlier'> = {
          license: found,
          grants: statuses.map((status, id) => grant(status, `s${id}`)),
        };
        const steps: string[] = [];
        for (;;) {
          const step = nextStep(situation, goal, NOW);
          if (step.do === 'nothing') break;
          steps.push(step.do);
          expect(steps.length).toBeLessThan(10);
          situation = after(step, situation);
        }
        if (goal.kind !== 'delete')
          expect(steps.filter((each) => each.startsWith('delete'))).toEqual([]);
        if (goal.kind === 'delete')
          expect(steps.every((each) => each.startsWith('delete'))).toBe(true);
        expect(nextStep(situation, goal, NOW).do).toBe('nothing');
      },
    ),
  );
});
