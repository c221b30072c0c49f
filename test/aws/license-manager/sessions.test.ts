import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { observingSessions } from '../../../lib/aws/license-manager/sessions.ts';
import type { LookRequest } from '../../../lib/domain/ports.ts';
import { AT_ONCE, callsAt, floatingProduct, lookTools, serviceAt } from '../../support/looking.ts';
import {
  assumedRole,
  queryError,
  startScriptedAws,
  type ScriptedAws,
} from '../../support/scripted-aws.ts';
import { checkedOut, gotten, wireLicense } from '../../support/wire-licenses.ts';
import type { BuyerToCheck } from '../../../lib/domain/registration/buyer.ts';

const BUYER: BuyerToCheck = {
  buyerAccountId: '111122223333',
  name: 'Example buyer',
  roleArn: 'arn:aws:iam::111122223333:role/license-watcher-buyer/reading',
  externalId: 'external-id',
  probe: true,
  shareUsage: true,
  reminderDays: null,
  contracts: [],
};

let aws: ScriptedAws;
beforeAll(async () => (aws = await startScriptedAws()));
afterAll(() => aws.close());
beforeEach(() => {
  aws.clear();
  aws.script(
    'AssumeRole',
    assumedRole('arn:aws:sts::111122223333:assumed-role/reading/license-watcher'),
  );
  aws.script('ListReceivedLicenses', { body: { Licenses: [wireLicense()] } });
  aws.script('GetLicense', { body: { License: gotten() } });
  aws.script('CheckoutLicense', checkedOut());
  aws.script('CheckInLicense', { body: {} });
});

function sessions() {
  return observingSessions({
    sts: callsAt('sts', aws.endpoint),
    licenseManager: serviceAt('license-manager', aws.endpoint),
    pacing: AT_ONCE,
    toolsFor: () => lookTools(),
  });
}

const signal = new AbortController().signal;

function look(id?: string): LookRequest {
  const product = floatingProduct(id === undefined ? {} : { id });
  return { product, checkId: 'check-1', unitOutUntil: null, isUsageWanted: false, signal };
}

test('a check of one contract with one license is five calls, in the buyer’s name after the first', async () => {
  const session = await sessions()(BUYER, signal);
  expect(session.kind).toBe('open');
  if (session.kind === 'open') {
    expect(await session.observe(look())).toMatchObject({
      kind: 'seen',
      probe: { outcome: 'accepted', checkedIn: true },
    });
  }
  expect(aws.operations()).toEqual([
    'AssumeRole',
    'ListReceivedLicenses',
    'GetLicense',
    'CheckoutLicense',
    'CheckInLicense',
  ]);
  const credentials = aws.calls.map(
    ({ headers }) => /Credential=([^/]+)/.exec(headers.authorization ?? '')?.[1],
  );
  expect(credentials).toEqual(['ASIAEXAMPLE', ...Array.from({ length: 4 }, () => 'ASIASCRIPTED')]);
});

test('a second contract of the buyer shares the session', async () => {
  const session = await sessions()(BUYER, signal);
  if (session.kind !== 'open') expect.fail('expected a session');
  await session.observe(look());
  await session.observe(look('other'));
  expect(aws.operations().filter((operation) => operation === 'AssumeRole')).toHaveLength(1);
  const tokens = aws.calls.flatMap(({ input }) =>
    typeof input['ClientToken'] === 'string' ? [input['ClientToken']] : [],
  );
  expect(new Set(tokens).size).toBe(2);
});

test('a refused session is the observation, and License Manager is not asked', async () => {
  aws.script('AssumeRole', queryError('AccessDenied', 'no', 403));
  expect(await sessions()(BUYER, signal)).toMatchObject({
    kind: 'blind',
    cause: 'role-missing-or-untrusting',
  });
  expect(aws.operations()).toEqual(['AssumeRole']);
});
