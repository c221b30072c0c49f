import { execFile, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Cloud } from '../../../../lib/workbench/cloud/cloud.ts';
import { AURORA, BOREALIS, skuOf } from '../../../../lib/workbench/scenarios/participants.ts';
import { seats } from '../../../../lib/workbench/scenarios/test-licenses.ts';
import { LOCAL_TEMPLATE_FILE } from '../../../../lib/seller/local-cloud.ts';
import { codeBlocks, documentText } from '../../../support/document.ts';
import { licenseWatcher } from '../../../support/license-watcher.ts';
import { openFixture, type WatcherFixture } from '../../../support/watcher-fixture.ts';

const installed = spawnSync('aws', ['--version']).status === 0;

/** With its year and months the queries of docs/audit-table.md find something. */
const START = '2026-12-28T08:50:00Z';
const END = '2028-01-05T00:00:00Z';

const RUNBOOK = documentText('docs/runbook.md');

describe.skipIf(!installed)('against the local cloud', () => {
  let fixture: WatcherFixture;
  beforeAll(async () => {
    fixture = await openFixture({ start: START });
  });
  afterAll(() => fixture[Symbol.asyncDispose]());

  test('the AWS CLI: both printed commands launch a buyer, the three queries of the audit table find what happened', async () => {
    const { cloud, licenses, run } = fixture;
    await licenses.issue(AURORA.accountId, skuOf('viewer'), {
      begin: '2026-12-01T00:00:00Z',
      end: END,
      entitlements: [seats(5)],
    });
    const directory = await mkdtemp(join(tmpdir(), 'aws-cli-'));
    try {
      await mkdir(dirname(join(directory, LOCAL_TEMPLATE_FILE)), { recursive: true });
      await writeFile(join(directory, LOCAL_TEMPLATE_FILE), fixture.buyerTemplate);
      const invited = [
        'invite',
        AURORA.accountId,
        '--name',
        AURORA.name,
        '--product',
        'viewer',
        '--email',
        AURORA.email,
      ];
      const { out: command } = await licenseWatcher(cloud, invited);
      const { StackId: stackId } = JSON.parse(
        await shell(cloud, AURORA.accountId, command, directory),
      ) as {
        StackId: string;
      };

      const stack = cloud.cloudFormation.find(AURORA.accountId, stackId)!;
      await cloud.until(cloud.cloudFormation.done(stack));
      expect(stack.status).toBe('CREATE_COMPLETE');

      const { accountId, name } = BOREALIS;
      const invitedToo = ['invite', accountId, '--name', name, '--product', 'suite', '--json'];
      const { launch } = JSON.parse((await licenseWatcher(cloud, invitedToo)).out) as {
        launch: { urlCommand: string };
      };
      const hosted = JSON.parse(await shell(cloud, accountId, launch.urlCommand, directory)) as {
        StackId: string;
      };
      const fromUrl = cloud.cloudFormation.find(accountId, hosted.StackId)!;
      await cloud.until(cloud.cloudFormation.done(fromUrl));
      expect(fromUrl.status).toBe('CREATE_COMPLETE');
      await run.sweep();

      const described =
        'aws cloudformation describe-stacks --query "Stacks[0].Outputs[?OutputKey==\'SelfTest\'].OutputValue" --output text';
      const received =
        'aws license-manager list-received-licenses --query "Licenses[].Validity.End" --output text';
      expect(await shell(cloud, AURORA.accountId, `${described} && ${received}`, directory)).toBe(
        `ok\n${END}\n`,
      );

      const [history, month, ends] = (
        await shell(cloud, '111111111111', threeQueries(), directory)
      ).split('\n\n');
      expect(history ?? '').toMatch(/00000001.*2026-12-28T08:50:00Z.*in-force.*WatchStarted/);
      expect(month ?? '').toMatch(/2026-12-28T08:50:00Z.*Aurora Labs.*WatchStarted/);
      expect(ends ?? '').toMatch(/2028-01-05T00:00:00Z.*Aurora Labs.*in-force/);
    } finally {
      await rm(directory, { recursive: true });
    }
  });

  test('AWS CLI 1: the runbook’s commands speak to the local cloud, and not to AWS', async () => {
    const blocks = codeBlocks(RUNBOOK).map(({ code }) => code);
    const setting = blocks.find((code) => code.includes('physical() {')) ?? '';
    const commands = blocks
      .flatMap((code) => code.split('\n'))
      .filter((line) => /^(sqs|aws scheduler) /.test(line));
    expect(commands.filter((line) => line.startsWith('sqs '))).toHaveLength(7);
    // One of each operation: they differ in the resource, and that is looked up here.
    const ofEach = [
      ...new Map(commands.map((line) => [line.split(' ').slice(0, 2).join(' '), line])).values(),
    ];
    for (const line of ofEach)
      await shell(fixture.cloud, '111111111111', `${setting}\n${line}`, '.');
    const calls = fixture.cloud.calls();
    expect([calls.get('sqs:ReceiveMessage'), calls.get('sqs:GetQueueAttributes')]).toEqual([1, 1]);
    const { Resources } = JSON.parse(fixture.assembly.template('LicenseWatcher')) as {
      Resources: object;
    };
    for (const [, prefix = ''] of RUNBOOK.matchAll(/\b(?:physical|log) ([A-Z]\w+)/g))
      expect(Object.keys(Resources).filter((id) => id.startsWith(prefix))).not.toEqual([]);
  });
});

/** The block of queries as it is in docs/audit-table.md, an empty line after each answer. */
function threeQueries(): string {
  const block = codeBlocks(documentText('docs/audit-table.md')).find(({ code }) =>
    code.startsWith('TABLE='),
  )?.code;
  if (block === undefined)
    throw new Error('docs/audit-table.md has no block of queries that begins with TABLE=');
  return block.replaceAll('--output table\n', '--output table; echo\n');
}

async function shell(
  cloud: Cloud,
  accountId: string,
  command: string,
  cwd: string,
): Promise<string> {
  const { url, region } = cloud;
  const { accessKeyId, secretAccessKey } = cloud.keys(accountId);
  const { stdout } = await promisify(execFile)('sh', ['-e', '-c', command], {
    cwd,
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      AWS_ENDPOINT_URL: url,
      AWS_REGION: region,
      AWS_DEFAULT_REGION: region,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_PAGER: '',
    },
  });
  return stdout;
}
