import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connect, readDeploymentHealth } from '../../lib/seller/cli/connect/connect.ts';
import type { Connection } from '../../lib/seller/cli/connect/connection.ts';
import { main } from '../../lib/seller/cli/main.ts';
import {
  AURORA,
  BOREALIS,
  REGION,
  SELLER_ACCOUNT,
  SPARE_ACCOUNT,
} from '../../lib/workbench/scenarios/participants.ts';
import { localFileOf } from '../../lib/workbench/scenarios/deploy-watcher.ts';
import { seats, tier } from '../../lib/workbench/scenarios/test-licenses.ts';
import { canonicalJson } from '../../lib/domain/ledger/canonical-json.ts';
import { CHANGE_TYPES } from '../../lib/domain/check/changes.ts';
import { LOCAL_CLOUD_FILE, LOCAL_TEMPLATE_FILE } from '../../lib/seller/local-cloud.ts';
import { BUYER_OUTPUTS, WATCHER_OUTPUTS } from '../../lib/messages/names.ts';
import { scenarioBuyerTemplate } from '../support/assembly.ts';
import { codeBlocks, documentText, sectionOf } from '../support/document.ts';
import { policy, trust } from '../support/bare-cloud.ts';
import { openFixture, type WatcherFixture } from '../support/watcher-fixture.ts';
import { joined } from '../support/joined.ts';
import { performed, plain, tableCommand, type TableCommand } from '../support/table-commands.ts';
import { sha256 } from '../../lib/aws/text.ts';

const TEXT = documentText('docs/audit-table.md');
const QUESTIONS = sectionOf(TEXT, 'every-question-twice');

/** What the document shows and nobody tries here: it writes to a bucket of the reader's. */
const UNTRIED = 'export-table-to-point-in-time';

const COMMANDS = codeBlocks(QUESTIONS)
  .map(({ code }) => tableCommand(code.trim()))
  .filter(({ operation }) => operation !== UNTRIED);
const PAIRS = COMMANDS.flatMap((command, at) =>
  at % 2 === 0 ? [[command, COMMANDS[at + 1]!] as const] : [],
);

/** The days of the document's examples: a buyer with five seats, then eight, and one who becomes blind. */
let fixture: WatcherFixture;
/** What staff have to whom the reader policy is attached, and nothing else. */
let reader: Keys;
beforeAll(async () => {
  fixture = await openFixture({ start: '2026-12-28T08:50:00Z' });
  const { licenses, run, cloud } = fixture;
  const year = { begin: '2026-12-01T00:00:00Z', end: '2028-01-05T00:00:00Z' };
  const { license } = await joined(fixture, AURORA, [seats(5)], year);
  const { stack } = await joined(fixture, BOREALIS, [tier('BasicTier')], year);
  await licenses.amend(license, { entitlements: [seats(8)] });
  const role = stack.outputs[BUYER_OUTPUTS.readingRoleArn] ?? '';
  for (const name of cloud.iam.role(role)?.inline.keys() ?? [])
    cloud.iam.deleteRolePolicy(role, name);
  cloud.iam.deleteRole(role);
  for (let sweeps = 0; sweeps < 3; sweeps += 1) await run.sweep();
  reader = await staff('reader');
});
afterAll(() => fixture[Symbol.asyncDispose]());

interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

const readerPolicy = (): string => fixture.watcher.outputs[WATCHER_OUTPUTS.readerPolicyArn] ?? '';

/** A session of a role with the reader policy and `more` actions. */
async function staff(name: string, more: readonly string[] = []): Promise<Keys> {
  const { cloud } = fixture;
  const { iam, url } = cloud;
  const seller = `arn:aws:iam::${SELLER_ACCOUNT}:root`;
  const { arn } = iam.createRole({
    ...{
      accountId: SELLER_ACCOUNT,
      partition: 'aws',
      path: '/staff/',
      name,
      maxSessionSeconds: 43_200,
    },
    ...{ trustPolicy: trust({ AWS: seller }), boundaryArn: undefined },
  });
  iam.attach(arn, readerPolicy());
  if (more.length > 0)
    iam.putRolePolicy(arn, 'more', policy({ Effect: 'Allow', Action: more, Resource: '*' }));
  const sts = new STSClient({
    region: REGION,
    endpoint: url,
    credentials: cloud.keys(SELLER_ACCOUNT),
  });
  const request = { RoleArn: arn, RoleSessionName: 'staff', DurationSeconds: 43_200 };
  const { Credentials: session } = await sts.send(new AssumeRoleCommand(request));
  const {
    AccessKeyId: accessKeyId,
    SecretAccessKey: secretAccessKey,
    SessionToken: sessionToken,
  } = session ?? {};
  if (accessKeyId === undefined || secretAccessKey === undefined || sessionToken === undefined)
    throw new Error('STS gave no credentials');
  return { accessKeyId, secretAccessKey, sessionToken };
}

/** The seller's command line with these keys. */
async function run(
  credentials: Keys,
  argv: readonly string[],
  time: 'stands' | 'passes' = 'stands',
): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ['', ''];
  const { cloud } = fixture;
  const as = (connection: Connection): Connection => ({
    ...connection,
    local: { endpoint: cloud.url, credentials },
  });
  const template = await scenarioBuyerTemplate();
  const files = new Map([
    [LOCAL_CLOUD_FILE, JSON.stringify(localFileOf(cloud))],
    [LOCAL_TEMPLATE_FILE, template],
  ]);
  const ended = main(argv, {
    stdout: (text) => (out += text),
    stderr: (text) => (err += text),
    ...{
      colour: false,
      width: undefined,
      progress: false,
      env: {},
      interrupted: new AbortController().signal,
    },
    drained: () => Promise.resolve(),
    pause: () => Promise.resolve(),
    readFile: (path) => Promise.resolve(files.get(path)),
    writeFile: () => Promise.resolve(),
    buyerTemplate: () => Promise.resolve(template),
    now: () => cloud.clock.now(),
    newExternalId: () => `external-${cloud.clock.now()}`,
    connect: (connection) => connect(as(connection)),
    readHealth: (connection) => readDeploymentHealth(as(connection)),
  });
  // Who only reads over HTTP needs no time to pass; what functions are asked does.
  return { code: await (time === 'passes' ? cloud.until(ended) : ended), out, err };
}

function clientOf(credentials: Keys): DynamoDBClient {
  return new DynamoDBClient({
    region: REGION,
    endpoint: fixture.cloud.url,
    credentials,
    maxAttempts: 1,
  });
}

async function answersOf(command: TableCommand): Promise<readonly string[]> {
  const items = await performed(clientOf(reader), command);
  return items.map((item) => canonicalJson(plain(item))).sort();
}

describe('every question of the document', () => {
  test('is there twice', () => {
    expect(PAIRS.length).toBeGreaterThanOrEqual(9);
    for (const [cli, partiQl] of PAIRS) {
      expect(['query', 'get-item', 'scan']).toContain(cli.operation);
      expect(partiQl.operation).toBe('execute-statement');
    }
  });

  test.each(
    PAIRS.map(([cli, partiQl]) => [String(partiQl.input['Statement']), cli, partiQl] as const),
  )('%s', async (_statement, cli, partiQl) => {
    const answers = await answersOf(cli);
    expect(answers).not.toEqual([]);
    expect(await answersOf(partiQl)).toEqual(answers);
  });
});

describe('the chain by hand', () => {
  const BY_HAND = sectionOf(TEXT, 'the-chain-by-hand');
  const blocks = Object.fromEntries(
    codeBlocks(BY_HAND).map(({ language, code }) => [language, code]),
  );
  const example = blocks['json']?.trim() ?? '';

  test('the worked example has the hash that stands there, and is what the ledger holds', async () => {
    const [, hash] = /has the hash `([0-9a-f]{64})`/.exec(BY_HAND) ?? [];
    expect(canonicalJson(JSON.parse(example))).toBe(example);
    expect(sha256(example)).toBe(hash);
    const [first] = await performed(clientOf(reader), entryOne());
    expect(JSON.parse(JSON.stringify(plain(first ?? {})))).toMatchObject({
      ...{ entry: '00000001', reason: (JSON.parse(example) as { reason: string }).reason },
      ...{ validityEnd: '2028-01-05T00:00:00Z', previousHash: null },
    });
  });

  describe.skipIf(spawnSync('python3', ['--version']).status !== 0)('the Python', () => {
    const walk = (text: string): readonly string[] => {
      const { stdout, stderr } = spawnSync('python3', ['-c', blocks['python'] ?? ''], {
        input: text,
        encoding: 'utf8',
      });
      expect(stderr).toBe('');
      return stdout.trim().split('\n');
    };

    test('finds it whole, and what is altered', async () => {
      const items = await performed(clientOf(reader), COMMANDS[0]!);
      const text = JSON.stringify({ Items: items });
      expect(walk(text)).toEqual([
        expect.stringMatching(/^1 .{64} whole$/),
        expect.stringMatching(/^2 .{64} whole$/),
      ]);
      const altered = text.replace('"8"', '"9"');
      expect(altered).not.toBe(text);
      expect(walk(altered)[1]).toMatch(/^2 .{64} BROKEN$/);
    });

    const NUMBERS = [
      ...[0, -0, 5, -5, 0.1, -0.1, 1 / 3, 0.000001, 0.00000123, 5e-7, -5e-7, 1.25e-7, 5e-324],
      ...[
        1e16,
        2 ** 53,
        2 ** 53 + 2,
        2 ** 63,
        123456789012345680000,
        1e20,
        1e21,
        1.5e21,
        -1e21,
        1e22,
        1.7e308,
      ],
      ...[0.5, 99.99, 123456.789, 12345678901234.5, 4503599627370497.5],
    ];

    test('writes numbers as the ledger does, however DynamoDB spells them', () => {
      const chain: { readonly spelling: string; readonly item: object; readonly hash: string }[] =
        [];
      for (const [number, spelling] of NUMBERS.flatMap((each) =>
        spellingsOf(each).map((spelling) => [each, spelling] as const),
      )) {
        const previousHash = chain.at(-1)?.hash ?? null;
        const hashed = {
          contract: 'c',
          entry: chain.length + 1,
          previousHash,
          text: 'é "\u0001\u2028',
          usage: [{ share: number }],
        };
        const hash = sha256(canonicalJson(hashed));
        const item = {
          contract: { S: 'c' },
          entry: { S: String(hashed.entry).padStart(8, '0') },
          previousHash: previousHash === null ? { NULL: true } : { S: previousHash },
          text: { S: hashed.text },
          usage: { L: [{ M: { share: { N: spelling } } }] },
          hash: { S: hash },
          changeTypes: { L: [] },
          productMonth: { S: 'p' },
        };
        chain.push({ spelling, item, hash });
      }
      const walked = walk(JSON.stringify({ Items: chain.map(({ item }) => item) }));
      expect(walked.map((line, at) => [chain[at]?.spelling, line])).toEqual(
        chain.map(({ spelling, hash }, at) => [spelling, `${at + 1} ${hash} whole`]),
      );
    });

    function spellingsOf(number: number): readonly string[] {
      return [
        ...[String(number), number.toExponential()],
        ...(Number(number.toFixed(30)) === number && !Number.isInteger(number)
          ? [number.toFixed(30)]
          : []),
        ...(Math.abs(number) >= 1e21 ? [String(BigInt(number))] : []),
      ];
    }
  });

  function entryOne(): TableCommand {
    const key = { contract: { S: '222222222222#viewer' }, entry: { S: '00000001' } };
    return {
      operation: 'get-item',
      input: { TableName: 'license-watcher-default-audit', Key: key },
    };
  }
});

describe('the tables of attributes', () => {
  const named = (anchor: string): Set<string> => {
    const rows = sectionOf(TEXT, anchor)
      .split('\n')
      .filter((line) => line.startsWith('| `'));
    return new Set(
      rows.flatMap((row) =>
        [...(row.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, name]) => name!),
      ),
    );
  };

  test('name every attribute that is stored, and no other', async () => {
    const items = (await performed(clientOf(reader), COMMANDS[0]!)).map(plain);
    const [entry, fact] = [items[0] ?? {}, items[1] ?? {}];
    const inTable = [...named('an-entry')].filter(
      (name) => !(CHANGE_TYPES as readonly string[]).includes(name),
    );
    // `toldChanges` and `told` are there only while bad news settles, `versionsBetween` where some were skipped.
    expect(inTable.sort()).toEqual(
      [...Object.keys(entry), 'told', 'toldChanges', 'versionsBetween', 'note', 'endsQuiet'].sort(),
    );
    // `about` is there only where a buyer could not be told, `single` only in what the seller was told.
    expect([...named('a-fact-of-delivery')].sort()).toEqual(
      [...Object.keys(fact), 'about', 'single'].sort(),
    );
  });

  test('name every change', () => {
    const names = [...named('an-entry')].filter((name) =>
      (CHANGE_TYPES as readonly string[]).includes(name),
    );
    expect(names.sort()).toEqual([...CHANGE_TYPES].sort());
  });
});

describe('the reader policy', () => {
  const ROWS = permissionRows();
  const READING: readonly (readonly string[])[] = [
    ['buyers'],
    ['contracts'],
    ['history', AURORA.accountId],
    ['as-of', '2026-12-28', AURORA.accountId],
    ['changes', '--since', '2026-12-01'],
    ['report', '-o', '-'],
    ['export'],
    ['verify'],
  ];

  test.each(READING)('is enough for %s', async (...argv) => {
    expect(ROWS.get(argv[0] ?? '')).toEqual([]);
    const { code, out, err } = await run(reader, ['--local', ...argv]);
    expect({ code, err: code === 0 ? '' : err }).toEqual({ code: 0, err: '' });
    expect(out).not.toBe('');
  });

  const MORE: readonly (readonly string[])[] = [
    ['invite', SPARE_ACCOUNT, '--name', 'Spare', '--product', 'viewer', '--no-approval'],
    ['redeliver'],
    ['check', AURORA.accountId],
    ['preflight'],
    ['test-license', SPARE_ACCOUNT, 'viewer'],
    ['simulate', 'LicenseRenewed', AURORA.accountId],
    ['doctor', AURORA.accountId, '--json'],
    ['revoke', SPARE_ACCOUNT],
  ];

  test.each(MORE)('is not enough for %s, and is with what the document adds', async (...argv) => {
    const [name = ''] = argv;
    const command = ['--local', ...argv];
    const refused = await run(reader, command, 'passes');
    const more = ROWS.get(name) ?? [];
    expect(more).not.toEqual([]);
    if (name === 'doctor')
      expect(refused.out).toContain('it needs the permission cloudformation:ListStackResources');
    else
      expect({ ...refused, err: oneLine(refused.err) }).toMatchObject({
        code: 1,
        err: expect.stringContaining('not authorized to perform') as string,
      });
    const { code, out, err } = await run(await staff(`for-${name}`, more), command, 'passes');
    expect({ code, err: code === 0 ? '' : err }).toEqual({ code: 0, err: '' });
    expect(out).not.toContain('needs the permission');
  });

  test('has nothing that no reading needs', async () => {
    const { cloud } = fixture;
    const document = cloud.iam.policiesOf(`arn:aws:iam::${SELLER_ACCOUNT}:role/staff/reader`)
      .identity[0]?.policy;
    const whole = document as { Statement: { Sid: string; Action: string | string[] }[] };
    const reads = [
      ...COMMANDS.map(
        (command) => () =>
          answersOf(command).then(
            () => true,
            () => false,
          ),
      ),
      ...READING.map((argv) => async () => (await run(reader, ['--local', ...argv])).code === 0),
    ];
    const readings = [];
    for (const read of reads) readings.push({ read, calls: await callsOf(read) });
    const spare: string[] = [];
    for (const { Sid, Action } of whole.Statement)
      for (const action of [Action].flat()) {
        const Statement = whole.Statement.map((each) =>
          each.Sid === Sid
            ? {
                ...each,
                Action: [
                  ...[each.Action].flat().filter((other) => other !== action),
                  'sts:GetCallerIdentity',
                ],
              }
            : each,
        );
        cloud.iam.setPolicyDocument(readerPolicy(), { ...whole, Statement });
        // Whoever makes that call is tried first: it is likely to fail.
        const likelyFirst = readings.toSorted(
          (a, b) => Number(b.calls.has(action)) - Number(a.calls.has(action)),
        );
        if (await everyOne(likelyFirst.map(({ read }) => read))) spare.push(`${Sid} ${action}`);
      }
    cloud.iam.setPolicyDocument(readerPolicy(), { ...whole });
    expect(spare).toEqual([]);
  });
});

/** The calls that it makes, as `dynamodb:Query`. */
async function callsOf(read: () => Promise<boolean>): Promise<ReadonlySet<string>> {
  const before = new Map(fixture.cloud.calls());
  expect(await read()).toBe(true);
  const after = [...fixture.cloud.calls()];
  return new Set(
    after.filter(([name, count]) => count > (before.get(name) ?? 0)).map(([name]) => name),
  );
}

async function everyOne(reads: readonly (() => Promise<boolean>)[]): Promise<boolean> {
  for (const read of reads) if (!(await read())) return false;
  return true;
}

/** What the document says that a command needs beside the reader policy. */
function permissionRows(): ReadonlyMap<string, readonly string[]> {
  const rows = sectionOf(TEXT, 'who-may-read-the-reader-policy').matchAll(
    /^\| (`[^|]+) \| ([^|]+) \|$/gm,
  );
  const actions = (text: string): string[] =>
    [...text.matchAll(/`([a-z0-9-]+:[A-Z]\w+)`/g)].map(([, action]) => action!);
  const found = new Map<string, readonly string[]>();
  for (const [, commands = '', needs = ''] of rows)
    for (const [, command = ''] of commands.matchAll(/`([a-z-]+)`/g)) {
      const [, like] = /^as `([a-z-]+)`/.exec(needs) ?? [];
      found.set(command, [
        ...(like === undefined ? [] : (found.get(like) ?? [])),
        ...actions(needs),
      ]);
    }
  return found;
}

/** Errors are wrapped at 80 columns, wherever a sentence happens to reach them. */
function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ');
}
