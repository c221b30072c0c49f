import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect, parseArgs, styleText } from 'node:util';
import { licenseWatcher } from '../lib/workbench/scenarios/in-process.ts';
import {
  startScenarioRun,
  auditTableOf,
  deployWatcher,
  localFileOf,
} from '../lib/workbench/scenarios/deploy-watcher.ts';
import { startCloud, type Cloud } from '../lib/workbench/cloud/cloud.ts';
import { assertPortFree } from '../lib/workbench/cloud/front.ts';
import type { Mail } from '../lib/workbench/cloud/mailbox.ts';
import {
  REGION,
  SELLER_ACCOUNT,
  SCENARIO_SETTINGS,
} from '../lib/workbench/scenarios/participants.ts';
import { compareNotices, noticeLine } from '../lib/workbench/scenarios/notices.ts';
import { ownSettings } from '../lib/workbench/scenarios/own-settings.ts';
import type { ScenarioRun } from '../lib/workbench/scenarios/scenario-run.ts';
import { SCENARIOS, type Scenario } from '../lib/workbench/scenarios/scenarios.ts';
import { ledgerTable, sum } from '../lib/workbench/scenarios/audit.ts';
import { synthesize, type ContextSettings } from '../lib/workbench/cloud/synthesize.ts';
import { CONTEXT_KEY, readConfig } from '../lib/stacks/settings/settings.ts';
import { readContext } from '../lib/stacks/settings/cdk-json.ts';
import { assertFolderFree } from '../lib/workbench/console/local-files.ts';
import { assertBrowser, takePictures } from '../lib/workbench/console/pictures.ts';
import { serveConsole } from '../lib/workbench/console/serve-console.ts';
import { BUYER_STACK_NAME } from '../lib/messages/names.ts';
import { quoted } from '../lib/domain/outside-text.ts';

const ROOT = join(import.meta.dirname, '..');
const NO_SCENARIO = 'none';
const USAGE = `Usage: npm start -- [options]

Brings up the local cloud, deploys the watcher there and runs a scenario. Then it
stays up with the console: report, mailbox, clock and levers in a browser.

  --scenario <name>
                  ${[...Object.keys(SCENARIOS), NO_SCENARIO].join(' | ')} (default: three-buyers);
                  ${NO_SCENARIO}: your own products of cdk.json, nobody invited yet,
                  and the time is now
  --exit          end after the scenario: 0 only if exactly the expected notices
                  were told
  --pictures <folder>
                  after the scenario, take pictures of its report and of one mail
  --port <port>   where the local cloud listens on 127.0.0.1 (default: 4570)
  --help

Examples:
  $ npm start
  $ npm start -- --scenario none
  $ npm start -- --scenario year --exit
`;

const options = readOptions();
if (options !== undefined) await start(options).catch(explain);

interface Options {
  readonly exit: boolean;
  /** Undefined: none is run. */
  readonly scenario: Scenario | undefined;
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
        scenario: { type: 'string', default: 'three-buyers' },
        pictures: { type: 'string' },
        port: { type: 'string', default: '4570' },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) {
      process.stdout.write(USAGE);
      return undefined;
    }
    const scenario = SCENARIOS[values.scenario];
    if (scenario === undefined && values.scenario !== NO_SCENARIO) {
      const allowed = [...Object.keys(SCENARIOS), NO_SCENARIO].join(', ');
      throw new Error(`--scenario is ${quoted(values.scenario)}; there is ${allowed}`);
    }
    if (scenario === undefined && values.exit)
      throw new Error(
        `--exit and --scenario ${NO_SCENARIO} exclude each other: nothing would be run`,
      );
    if (scenario === undefined && values.pictures !== undefined)
      throw new Error(
        `--pictures and --scenario ${NO_SCENARIO} exclude each other: there would be nothing to see`,
      );
    const port = Number(values.port);
    if (!Number.isInteger(port) || port < 0 || port > 65_535)
      throw new Error(`--port is ${quoted(values.port)}; allowed are 0 to 65535`);
    return { exit: values.exit, scenario, pictures: values.pictures, port };
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    process.exitCode = 2;
    return undefined;
  }
}

/** Errors that a person can fix are one line; others are ours, with their stack. */
function explain(error: unknown): void {
  const expected =
    error instanceof Error &&
    ['PortTaken', 'FolderTaken', 'SynthesisError', 'NoEngine', 'ConfigError'].includes(error.name);
  process.stderr.write(expected ? `${error.message}\n` : `${inspect(error)}\n`);
  process.exitCode = 1;
}

async function start({ exit, scenario, pictures, port }: Options): Promise<void> {
  const began = performance.now();
  // Before the synthesis, which takes long.
  await assertPortFree(port);
  if (!exit) await assertFolderFree();
  if (pictures !== undefined) assertBrowser();
  talk('synthesizing the templates and bundling the Lambdas');
  const settings = scenario === undefined ? ownSettings(settingsOfCdkJson()) : SCENARIO_SETTINGS;
  await using leftovers = new AsyncDisposableStack();
  const directory = await mkdtemp(join(tmpdir(), 'license-watcher-'));
  leftovers.defer(() => rm(directory, { recursive: true, force: true }));
  const assembly = await synthesize(settings, ROOT, directory);
  talk('starting the local cloud');
  const start =
    scenario === undefined ? Math.floor(Date.now() / 1_000) * 1_000 : Date.parse(scenario.start);
  await using cloud = await startCloud({ assembly, region: REGION, start, port });
  talk(
    `deploying the watcher in the seller's account ${SELLER_ACCOUNT} (DynamoDB engine: ${cloud.engine})`,
  );
  const watcher = await deployWatcher(cloud, assembly);
  const run = startScenarioRun({
    cloud,
    assembly,
    externalIdPrefix: 'scenario',
    say: (at, line) => {
      print(`${styled('dim', new Date(at).toISOString().slice(0, 16).replace('T', ' '))}  ${line}`);
    },
  });
  const problems =
    scenario === undefined ? [] : await runScenario(scenario, run, auditTableOf(watcher), began);
  if (pictures !== undefined && scenario !== undefined) {
    const mail = mailToShow(run, scenario);
    for (const path of await takePictures(pictures, await reportOf(cloud), mail))
      talk(`wrote ${path}`);
  }
  if (!exit) {
    await serveConsole({
      ...{ cloud, run, talk },
      products: readConfig(settings).settings.products.filter(({ retired }) => !retired),
      accounts: scenario?.buyers ?? [],
      buyerTemplate: assembly.template(BUYER_STACK_NAME),
      stop: interruption(),
    });
  }
  process.exitCode = problems.length === 0 ? 0 : 1;
}

function settingsOfCdkJson(): ContextSettings {
  return (readContext(join(ROOT, 'cdk.json'))[CONTEXT_KEY] ?? {}) as ContextSettings;
}

/** Runs the scenario and returns what was not as expected. */
async function runScenario(
  scenario: Scenario,
  run: ScenarioRun,
  table: string,
  began: number,
): Promise<readonly string[]> {
  await scenario.script(run);
  print(`\n${await ledgerTable(run.cloud, table, scenario.showLedgerOf)}`);
  print(`\n${oneMail(run, scenario)}`);
  print(`\n${await sum(run, table, performance.now() - began)}`);
  const problems = await problemsWith(run, scenario);
  for (const problem of problems) print(styled('red', problem));
  return problems;
}

async function problemsWith(run: ScenarioRun, scenario: Scenario): Promise<string[]> {
  const list = await readFile(
    join(import.meta.dirname, '../lib/workbench/scenarios', scenario.notices),
    'utf8',
  );
  const { missing, unexpected } = compareNotices(run.notices().map(noticeLine), list);
  const held = run.cloud.licenseManager.seatsHeld();
  return [
    ...missing.map((line) => `expected and not told: ${line}`),
    ...unexpected.map((line) => `told and not expected: ${line}`),
    ...(held === 0 ? [] : [`${held} seats are still held`]),
  ];
}

/** The report, made by the seller's command. */
async function reportOf(cloud: Cloud): Promise<string> {
  const now = (): number => cloud.clock.now();
  const seat = { file: localFileOf(cloud), now, newExternalId: randomUUID };
  const { code, out, err } = await licenseWatcher(['report', '-o', '-'], seat);
  if (code !== 0) throw new Error(`license-watcher report ended with ${code}: ${err}`);
  return out;
}

function mailToShow({ cloud }: ScenarioRun, { showMailTo: { email, about } }: Scenario): Mail {
  const mail = cloud.mailbox.read(email).find(({ subject }) => subject.includes(about));
  if (mail === undefined) throw new Error(`the scenario knows no mail to ${email} about ${about}`);
  return mail;
}

function oneMail(run: ScenarioRun, scenario: Scenario): string {
  const mail = mailToShow(run, scenario);
  const text = mail.text.split('\n').map((line) => `  ${line}`);
  return [
    styled('bold', 'One of the e-mails'),
    `  To: ${mail.to}`,
    `  Subject: ${mail.subject}`,
    '',
    ...text,
  ].join('\n');
}

/** Aborts on SIGINT (Ctrl-C) or SIGTERM. */
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
