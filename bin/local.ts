import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect, parseArgs, styleText } from 'node:util';
import { licenseWatcher } from '../lib/workbench/scenarios/in-process.ts';
import { rehearse } from '../lib/workbench/scenarios/rehearse.ts';
import { startCloud, type Cloud } from '../lib/workbench/cloud/cloud.ts';
import { assertPortFree } from '../lib/workbench/cloud/front.ts';
import type { Mail } from '../lib/workbench/cloud/mailbox.ts';
import { REGION, SELLER_ACCOUNT, STORY_SETTINGS } from '../lib/workbench/scenarios/cast.ts';
import { compareNotices, noticeLine } from '../lib/workbench/scenarios/notices.ts';
import { auditTableOf, deployWatcher, localFileOf } from '../lib/workbench/scenarios/opening.ts';
import { ownSettings } from '../lib/workbench/scenarios/own-settings.ts';
import type { Rehearsal } from '../lib/workbench/scenarios/rehearsal.ts';
import { STORIES, type Story } from '../lib/workbench/scenarios/stories.ts';
import { ledgerTable, sum } from '../lib/workbench/scenarios/sum.ts';
import { synthesize, type ContextSettings } from '../lib/workbench/cloud/synthesize.ts';
import { CONTEXT_KEY, readConfig } from '../lib/stacks/settings/settings.ts';
import { readContext } from '../lib/stacks/settings/cdk-json.ts';
import { assertFolderFree } from '../lib/workbench/console/local-files.ts';
import { assertBrowser, takePictures } from '../lib/workbench/console/pictures.ts';
import { stay } from '../lib/workbench/console/stay.ts';
import { BUYER_STACK_NAME } from '../lib/messages/names.ts';

const ROOT = join(import.meta.dirname, '..');
const NO_STORY = 'none';
const USAGE = `Usage: npm start -- [options]

Brings up the local cloud, deploys the watcher there and tells a story. Then it
stays up with the console: report, mailbox, clock and levers in a browser.

  --story <name>  ${[...Object.keys(STORIES), NO_STORY].join(' | ')} (default: three-buyers);
                  ${NO_STORY}: your own products of cdk.json, nobody invited yet,
                  and the time is now
  --exit          end after the story: 0 only if exactly the expected notices
                  were told
  --pictures <folder>
                  after the story, take pictures of its report and of one mail
  --port <port>   where the local cloud listens on 127.0.0.1 (default: 4570)
  --help

Examples:
  $ npm start
  $ npm start -- --story none
  $ npm start -- --story year --exit
`;

const options = readOptions();
if (options !== undefined) await tell(options).catch(explain);

interface Options {
  readonly exit: boolean;
  /** Undefined: none is told. */
  readonly story: Story | undefined;
  /** Where pictures go; undefined: none are taken. */
  readonly pictures: string | undefined;
  readonly port: number;
}

/** Undefined: nothing to do, and the exit code is set. */
function readOptions(): Options | undefined {
  try {
    const { values } = parseArgs({
      options: {
        exit: { type: 'boolean', default: false },
        story: { type: 'string', default: 'three-buyers' },
        pictures: { type: 'string' },
        port: { type: 'string', default: '4570' },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) {
      process.stdout.write(USAGE);
      return undefined;
    }
    const story = STORIES[values.story];
    if (story === undefined && values.story !== NO_STORY) {
      const allowed = [...Object.keys(STORIES), NO_STORY].join(', ');
      throw new Error(`--story is ${JSON.stringify(values.story)}; there is ${allowed}`);
    }
    if (story === undefined && values.exit)
      throw new Error(`--exit and --story ${NO_STORY} exclude each other: nothing would be told`);
    if (story === undefined && values.pictures !== undefined)
      throw new Error(
        `--pictures and --story ${NO_STORY} exclude each other: there would be nothing to see`,
      );
    const port = Number(values.port);
    if (!Number.isInteger(port) || port < 0 || port > 65_535)
      throw new Error(`--port is ${JSON.stringify(values.port)}; allowed are 0 to 65535`);
    return { exit: values.exit, story, pictures: values.pictures, port };
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    process.exitCode = 2;
    return undefined;
  }
}

/** What a person can mend is one line; anything else is ours, with its stack. */
function explain(error: unknown): void {
  const expected =
    error instanceof Error &&
    ['PortTaken', 'FolderTaken', 'SynthesisError', 'NoEngine', 'ConfigError'].includes(error.name);
  process.stderr.write(expected ? `${error.message}\n` : `${inspect(error)}\n`);
  process.exitCode = 1;
}

async function tell({ exit, story, pictures, port }: Options): Promise<void> {
  const began = performance.now();
  // Before the synthesis, which takes long.
  await assertPortFree(port);
  if (!exit) await assertFolderFree();
  if (pictures !== undefined) assertBrowser();
  talk('synthesizing the templates and bundling the Lambdas');
  const settings = story === undefined ? ownSettings(settingsOfCdkJson()) : STORY_SETTINGS;
  await using leftovers = new AsyncDisposableStack();
  const directory = await mkdtemp(join(tmpdir(), 'license-watcher-'));
  leftovers.defer(() => rm(directory, { recursive: true, force: true }));
  const assembly = await synthesize(settings, ROOT, directory);
  talk('starting the local cloud');
  const start =
    story === undefined ? Math.floor(Date.now() / 1_000) * 1_000 : Date.parse(story.start);
  await using cloud = await startCloud({ assembly, region: REGION, start, port });
  talk(
    `deploying the watcher in the seller's account ${SELLER_ACCOUNT} (DynamoDB engine: ${cloud.engine})`,
  );
  const watcher = await deployWatcher(cloud, assembly);
  const rehearsal = rehearse({
    cloud,
    assembly,
    externalIdPrefix: 'rehearsal',
    say: (at, line) => {
      print(`${styled('dim', new Date(at).toISOString().slice(0, 16).replace('T', ' '))}  ${line}`);
    },
  });
  const problems =
    story === undefined ? [] : await tellStory(story, rehearsal, auditTableOf(watcher), began);
  if (pictures !== undefined && story !== undefined) {
    const mail = mailToShow(rehearsal, story);
    for (const path of await takePictures(pictures, await reportOf(cloud), mail))
      talk(`wrote ${path}`);
  }
  if (!exit) {
    await stay({
      ...{ cloud, rehearsal, talk },
      products: readConfig(settings).settings.products.filter(({ retired }) => !retired),
      accounts: story?.buyers ?? [],
      buyerTemplate: assembly.template(BUYER_STACK_NAME),
      stop: interruption(),
    });
  }
  process.exitCode = problems.length === 0 ? 0 : 1;
}

function settingsOfCdkJson(): ContextSettings {
  return (readContext(join(ROOT, 'cdk.json'))[CONTEXT_KEY] ?? {}) as ContextSettings;
}

/** Answers with what went otherwise than expected. */
async function tellStory(
  story: Story,
  rehearsal: Rehearsal,
  table: string,
  began: number,
): Promise<readonly string[]> {
  await story.tell(rehearsal);
  print(`\n${await ledgerTable(rehearsal.cloud, table, story.showLedgerOf)}`);
  print(`\n${oneMail(rehearsal, story)}`);
  print(`\n${await sum(rehearsal, table, performance.now() - began)}`);
  const problems = await problemsWith(rehearsal, story);
  for (const problem of problems) print(styled('red', problem));
  return problems;
}

async function problemsWith(rehearsal: Rehearsal, story: Story): Promise<string[]> {
  const list = await readFile(
    join(import.meta.dirname, '../lib/workbench/scenarios', story.notices),
    'utf8',
  );
  const { missing, unexpected } = compareNotices(rehearsal.notices().map(noticeLine), list);
  const held = rehearsal.cloud.licenseManager.seatsHeld();
  return [
    ...missing.map((line) => `expected and not told: ${line}`),
    ...unexpected.map((line) => `told and not expected: ${line}`),
    ...(held === 0 ? [] : [`${held} seats are still held`]),
  ];
}

/** By the seller's command. */
async function reportOf(cloud: Cloud): Promise<string> {
  const now = (): number => cloud.clock.now();
  const seat = { file: localFileOf(cloud), now, newExternalId: randomUUID };
  const { code, out, err } = await licenseWatcher(['report', '-o', '-'], seat);
  if (code !== 0) throw new Error(`license-watcher report ended with ${code}: ${err}`);
  return out;
}

function mailToShow({ cloud }: Rehearsal, { showMailTo: { email, about } }: Story): Mail {
  const mail = cloud.mailbox.read(email).find(({ subject }) => subject.includes(about));
  if (mail === undefined) throw new Error(`the story knows no mail to ${email} about ${about}`);
  return mail;
}

function oneMail(rehearsal: Rehearsal, story: Story): string {
  const mail = mailToShow(rehearsal, story);
  const text = mail.text.split('\n').map((line) => `  ${line}`);
  return [
    styled('bold', 'One of the e-mails'),
    `  To: ${mail.to}`,
    `  Subject: ${mail.subject}`,
    '',
    ...text,
  ].join('\n');
}

/** Ctrl-C, or a polite kill. */
function interruption(): AbortSignal {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      stop.abort();
    });
  return stop.signal;
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
