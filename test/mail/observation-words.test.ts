import { expect, test } from 'vitest';
import { inUse } from '../support/licenses.ts';
import type { Observation, ProbeOutcome } from '../../lib/domain/check/observation.ts';
import { observationWords } from '../../lib/mail/observation-words.ts';
import { seenInForce } from '../support/checking.ts';
import {
  ACCEPTED,
  blind,
  LEFT,
  NOT_LOOKED,
  NOT_PROBED,
  REFUSED,
  seen,
} from '../support/observations.ts';

const { licenses } = seenInForce();
const NOT_RETURNED: ProbeOutcome = {
  outcome: 'accepted',
  entitlementName: 'Seats',
  licenseArn: 'a',
  checkedIn: false,
};
const FAILED: ProbeOutcome = {
  outcome: 'failed',
  error: 'TimeoutError',
  reason: 'TimeoutError: too slow',
};
const POOL = inUse('Data', 400, 500, 'Gigabytes');

test.each<[Observation, string]>([
  [seen([]), 'no license of the product; no checkout: nothing is tried in this look'],
  [
    seen(licenses, { probe: ACCEPTED }),
    '1 license; a checkout of AWS::Marketplace::Usage was accepted, and returned',
  ],
  [
    seen([...licenses, ...licenses], { probe: NOT_RETURNED, foreign: ['arn:1'] }),
    '2 licenses, 1 by another issuer, which do not count; a checkout of Seats was accepted, but not returned: it ends by itself when its time to live is over',
  ],
  [
    seen(licenses, { probe: REFUSED }),
    '1 license; a checkout of AWS::Marketplace::Usage was refused (NoEntitlementsAllowedException)',
  ],
  [seen(licenses, { probe: FAILED }), '1 license; the checkout failed: TimeoutError: too slow'],
  [seen(licenses, { usage: [] }), '1 license; no checkout: nothing is tried in this look'],
  [
    seen(licenses, { usage: [POOL, { ...POOL, name: 'Users', unit: 'Count', maxCount: null }] }),
    '1 license; no checkout: nothing is tried in this look; used: Data 400 of 500 Gigabytes, Users 400',
  ],
  [
    seen(licenses, { probe: { ...NOT_PROBED, reason: 'a\u202Eb\nc' } as ProbeOutcome }),
    '1 license; no checkout: ab c',
  ],
  [blind(), 'AccessDenied: not authorized to perform sts:AssumeRole'],
  [LEFT, 'the buyer deleted the stack'],
  [NOT_LOOKED, 'nobody looked'],
])('%j is told in one line', (observation, words) => {
  expect(observationWords(observation)).toBe(words);
});
