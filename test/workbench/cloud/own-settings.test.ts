import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { SELLER_ACCOUNT, SELLER_EMAIL } from '../../../lib/workbench/scenarios/participants.ts';
import { ownSettings } from '../../../lib/workbench/scenarios/own-settings.ts';
import { fingerprint } from '../../../lib/workbench/scenarios/test-licenses.ts';
import { CONTEXT_KEY, readConfig } from '../../../lib/stacks/settings/settings.ts';

const { context } = JSON.parse(readFileSync('cdk.json', 'utf8')) as {
  context: Record<string, object>;
};
const own = {
  ...context[CONTEXT_KEY],
  deployment: 'staging',
  region: 'eu-west-1',
  sellerEmail: 'real@seller.com',
  watchTableName: 'kept',
};

it('runs with the products of cdk.json with test licenses, in the local cloud’s own place, with mail to nobody real', () => {
  const { settings, sellerEmail, region, watchTableName } = readConfig(ownSettings(own));
  expect(settings.products.map(({ id, name }) => ({ id, name }))).toEqual([
    { id: 'example-server', name: 'Example Server' },
  ]);
  expect(settings.products.map(({ issuerFingerprint }) => issuerFingerprint)).toEqual([
    fingerprint(SELLER_ACCOUNT),
  ]);
  expect({ sellerEmail, region, deployment: settings.deployment, watchTableName }).toEqual({
    sellerEmail: SELLER_EMAIL,
    region: 'us-east-1',
    deployment: 'default',
    watchTableName: 'license-watcher-default-watch',
  });
});

it.each([undefined, 'viewer', [null], [7]])(
  'leaves it to the settings to refuse products like %j',
  (products) => {
    expect(() => readConfig(ownSettings({ ...own, products }))).toThrow(/products/);
  },
);
