import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { inspect, parseArgs, styleText } from 'node:util';
import { inviteByCommand } from '../lib/cli/in-process.ts';
import { startCloud, type Cloud } from '../lib/cloud/cloud.ts';
import { BUYER_STACK_NAME } from '../lib/schemas/names.ts';
import { LOCAL_CLOUD_FILE, LOCAL_TEMPLATE_FILE } from '../lib/schemas/local-cloud.ts';
import { REGION, SELLER_ACCOUNT, SPARE_ACCOUNT, STORY_SETTINGS } from '../lib/cloud/stories/cast.ts';
import { compareNotices, noticeLine } from '../lib/cloud/stories/notices.ts';
import { auditTableOf, deployWatcher, localFileOf } from '../lib/cloud/stories/opening.ts';
import { Rehearsal } from '../lib/cloud/stories/rehearsal.ts';
import { STORIES, type Story } from '../lib/cloud/stories/stories.ts';
import { ledgerTable, sum } from '../lib/cloud/stories/sum.ts';
import { TestLicenses } from '../lib/cloud/stories/test-licenses.ts';
import { synthesize } from '../lib/cloud/synthesize.ts';

const ROOT = join(import.meta.dirname, '..');
const USAGE = `Usage: npm start -- [options]

Brings up the local cloud, deploys the watcher there and tells a story.

  --exit          end after the story: 0 only if exactly the expected notices were told
  --story <name>  ${Object.keys(STORIES).join(' | ')} (default: three-buyers)
  --port <port>   where the local cloud listens on 127.0.0.1 (default: 4570)
  --help
`;

const options = readOptions();
if (options !== undefined) await tell(options).catch(explain);

interface Options {
  readonly exit: boolean;
  readonly story: Story;
  readonly port: number;
}

/** Undefined: nothing to do, and the exit code is set. */
function readOptions(): Options | undefined {
  try {
    const { values } = parseArgs({
      options: {
        exit: { type: 'boolean', default: false },
        story: { type: 'string', default: 'three-buyers' },
        port: { type: 'string', default: '4570' },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) {
      process.stdout.write(USAGE);
      return undefined;
    }
    const story = STORIES[values.story];
    if (story === undefined)
      throw new Error(`--story is ${JSON.stringify(values.story)}; there is ${Object.keys(STORIES).join(', ')}`);
    const port = Number(values.port);
    if (!Number.isInteger(port) || port < 0 || port > 65_535)
      throw new Error(`--port is ${JSON.stringify(values.port)}; allowed are 0 to 65535`);
    return { exit: values.exit, story, port };
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    process.exitCode = 2;
    return undefined;
  }
}

/** What a person can mend is one line; anything else is ours, with its stack. */
function explain(error: unknown): void {
  const expected = error instanceof Error && ['PortTaken', 'SynthesisError', 'NoEngine'].includes(error.name);
  process.stderr.write(expected ? `${error.message}\n` : `${inspect(error)}\n`);
  process.exitCode = 1;
}

async function tell({ exit, story, port }: Options): Promise<void> {
  const began = performance.now();
  talk('synthesizing the templates and bundling the Lambdas');
  const assembly = await synthesize(STORY_SETTINGS, ROOT);
  talk('starting the local cloud');
  await using cloud = await startCloud({ assembly, region: REGION, start: Date.parse(story.start), port });
  talk(`deploying the watcher in the seller's account ${SELLER_ACCOUNT} (DynamoDB engine: ${cloud.engine})`);
  const watcher = await deployWatcher(cloud, assembly);

  const licenses = new TestLicenses(cloud, SELLER_ACCOUNT, (accountId) => cloud.keys(accountId));
  const rehearsal = new Rehearsal({
    cloud,
    licenses,
    buyerTemplate: assembly.template(BUYER_STACK_NAME),
    invite: (buyer) =>
      inviteByCommand(buyer, {
        file: localFileOf(cloud),
        buyerTemplate: assembly.template(BUYER_STACK_NAME),
        now: () => cloud.clock.now(),
        // Nothing secret lives here, and the same story must give the same ledger.
        newExternalId: () => `rehearsal-${buyer.accountId}`,
      }),
    say: (at, line) => {
      print(`${styled('dim', new Date(at).toISOString().slice(0, 16).replace('T', ' '))}  ${line}`);
    },
  });
  await story.tell(rehearsal);

  const table = auditTableOf(watcher);
  print(`\n${await ledgerTable(cloud, table, story.showLedgerOf)}`);
  print(`\n${oneMail(rehearsal, story)}`);
  print(`\n${await sum(rehearsal, table, performance.now() - began)}`);
  const problems = await problemsWith(rehearsal, story);
  for (const problem of problems) print(styled('red', problem));
  if (!exit) {
    await writeLocalFiles(cloud, story, assembly.template(BUYER_STACK_NAME));
    await stay(cloud);
    await removeLocalFiles(cloud);
  }
  process.exitCode = problems.length === 0 ? 0 : 1;
}

async function problemsWith(rehearsal: Rehearsal, story: Story): Promise<string[]> {
  const list = await readFile(join(import.meta.dirname, '../lib/cloud/stories', story.notices), 'utf8');
  const { missing, unexpected } = compareNotices(rehearsal.notices().map(noticeLine), list);
  const held = rehearsal.cloud.licenseManager.seatsHeld();
  return [
    ...missing.map((line) => `expected and not told: ${line}`),
    ...unexpected.map((line) => `told and not expected: ${line}`),
    ...(held === 0 ? [] : [`${held} seats are still held`]),
  ];
}

function oneMail(rehearsal: Rehearsal, { showMailTo }: Story): string {
  const mail = rehearsal.cloud.mailbox.read(showMailTo.email).find(({ subject }) => subject.includes(showMailTo.about));
  if (mail === undefined) throw new Error(`the story knows no mail to ${showMailTo.email} about ${showMailTo.about}`);
  const text = mail.text.split('\n').map((line) => `  ${line}`);
  return [styled('bold', 'One of the e-mails'), `  To: ${mail.to}`, `  Subject: ${mail.subject}`, '', ...text].join(
    '\n',
  );
}

async function writeLocalFiles(cloud: Cloud, story: Story, buyerTemplate: string): Promise<void> {
  const file = localFileOf(cloud, [...story.buyers, { accountId: SPARE_ACCOUNT, name: 'Me' }]);
  await mkdir(dirname(LOCAL_CLOUD_FILE), { recursive: true });
  await writeFile(LOCAL_TEMPLATE_FILE, buyerTemplate);
  await writeFile(LOCAL_CLOUD_FILE, `${JSON.stringify(file, undefined, 2)}\n`);
}

/** Unless another local cloud was started here meanwhile: then they are its own. */
async function removeLocalFiles(cloud: Cloud): Promise<void> {
  const { endpoint } = JSON.parse(await readFile(LOCAL_CLOUD_FILE, 'utf8')) as { endpoint: string };
  if (endpoint === cloud.url) await rm(dirname(LOCAL_CLOUD_FILE), { recursive: true });
}

/** The cloud stays up and its time goes on as ours does, sweeps included, until Ctrl-C. */
async function stay(cloud: Cloud): Promise<void> {
  const seller = cloud.keys(SELLER_ACCOUNT);
  talk(`\nThe local cloud stays up, its time now as fast as yours. Ctrl-C ends it.

  export AWS_ENDPOINT_URL=${cloud.url}
  export AWS_REGION=${cloud.region} AWS_DEFAULT_REGION=${cloud.region}
  export AWS_ACCESS_KEY_ID=${seller.accessKeyId} AWS_SECRET_ACCESS_KEY=${seller.secretAccessKey}

Those are the seller's keys; the buyers' are in ${LOCAL_CLOUD_FILE}, and those of
${SPARE_ACCOUNT}, an account that you may invite yourself:

  npx license-watcher --local buyers
  npx license-watcher --local invite ${SPARE_ACCOUNT} --name Me --product viewer`);
  cloud.schedules.resume();
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      stop.abort();
    });
  let last = performance.now();
  while (!stop.signal.aborted) {
    await new Promise((resolve) => setTimeout(resolve, 200));
    const now = performance.now();
    await cloud.clock.advanceTo(cloud.clock.now() + Math.round(now - last));
    last = now;
  }
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

function talk(text: string): void {
  process.stderr.write(`${text}\n`);
}

function styled(style: 'dim' | 'bold' | 'red', text: string): string {
  return process.stdout.isTTY && process.stdout.hasColors() ? styleText(style, text) : text;
}
