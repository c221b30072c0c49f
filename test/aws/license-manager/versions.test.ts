import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { readVersions } from '../../../lib/aws/license-manager/read-licenses.ts';
import { managerAt } from '../../support/looking.ts';
import { jsonError, startScriptedAws, type ScriptedAws } from '../../support/scripted-aws.ts';
import { gotten, licenseArn } from '../../support/wire-licenses.ts';

let aws: ScriptedAws;
beforeAll(async () => (aws = await startScriptedAws()));
afterAll(() => aws.close());
beforeEach(() => {
  aws.clear();
});

const read = async () => {
  const { signal } = new AbortController();
  const { licenses, problem } = await readVersions(managerAt(aws.endpoint), licenseArn(1), signal);
  return { versions: licenses.map(({ version }) => version), problem };
};

test('all pages are read, an empty one with a token included', async () => {
  const pages = [
    { Licenses: [], NextToken: 'a' },
    { Licenses: [gotten({ Version: '1' })], NextToken: 'b' },
    { Licenses: [gotten({ Version: '2' })], NextToken: '' },
  ];
  let page = 0;
  aws.script('ListLicenseVersions', () => ({ body: pages[page++] }));
  expect(await read()).toEqual({ versions: ['1', '2'], problem: null });
  expect(aws.calls.map(({ input }) => [input['LicenseArn'], input['NextToken']])).toEqual([
    [licenseArn(1), undefined],
    [licenseArn(1), 'a'],
    [licenseArn(1), 'b'],
  ]);
});

test('a version without a shape leaves the others readable', async () => {
  const Licenses = [gotten({ Version: '1' }), { Version: '2' }, gotten({ Version: '3' })];
  aws.script('ListLicenseVersions', { body: { Licenses } });
  expect(await read()).toEqual({ versions: ['1', '3'], problem: '1 of them cannot be read' });
});

test.each([
  [jsonError('AccessDeniedException'), 'AccessDeniedException: as scripted'],
  [{ body: { Licenses: 'many' } }, 'ShapeError: Licenses: expected a list; got "many"'],
  [
    { body: { Licenses: [], NextToken: 'on' } },
    'ShapeError: ListLicenseVersions did not end: got 10 pages and a NextToken',
  ],
])('what fails is said, and thrown by nobody: %j', async (reply, problem) => {
  aws.script('ListLicenseVersions', reply);
  expect(await read()).toEqual({ versions: [], problem });
});
