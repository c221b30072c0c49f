import type { Command } from 'commander';
import { contractKey } from '../../../../domain/license/contract.ts';
import { MARKETPLACE_FINGERPRINT } from '../../../../domain/license/product.ts';
import { AGREEMENT_LIVES } from '../../../../domain/agreement/agreement.ts';
import { allQuoted, jsonText, quoted } from '../../../../domain/outside-text.ts';
import { DAY, epochMilliseconds, instant, type Instant, plus } from '../../../../domain/time.ts';
import { CREATE_ROLE, ROLE_MISSING } from '../../../../mail/aws-sentences.ts';
import type { DeployedProduct } from '../../../../messages/requests.ts';
import type { BuyerAccount } from '../../../aws/buyer-account.ts';
import {
  isDeleted,
  type TestEntitlement,
  type TestLicense,
  type TestLicenseIssuer,
} from '../../../aws/test-licenses.ts';
import { actingAs, type AsBuyer } from '../../as-buyer.ts';
import { OWN_FINGERPRINT } from '../../aws-sentences.ts';
import { type AddCommand, collect, type LocalEndpoint } from '../../command.ts';
import { deployedProducts } from '../../deployed-products.ts';
import type { Io, Watcher } from '../../io.ts';
import { ACCOUNT_ARGUMENT, resolveAccount } from '../../output/account.ts';
import { countOf } from '../../output/choices.ts';
import { CommandFailure, misuse } from '../../output/failure.ts';
import { wrapped } from '../../output/text.ts';
import { entitlementsOf, firstEntitlements, moreEntitlements } from './entitlements.ts';
import { isOtherThan, nextStep, type Situation, type TestLicenseStep, type Goal } from './plan.ts';
import { activationToken, type Done, doneOf, lines, machineForm, type Outcome } from './outcome.ts';

export const addTestLicense: AddCommand = (program, { io, withWatcher }) => {
  program
    .command('test-license')
    .description('Issue a test license of your own to a buyer; amend, end and delete it.')
    .argument('<account>', ACCOUNT_ARGUMENT)
    .argument('<product>', 'a product whose issuerFingerprint in cdk.json is your own account’s')
    .option(
      '--entitlement <name>',
      'a tier, or a number: PremiumTier, ReadOnly=5; again for several',
      collect,
    )
    .option('--days <number>', 'how long from today, default: 10')
    .option('--amend', 'increase it: the second tier or 10, or what --entitlement and --days say')
    .option('--end', 'end it now')
    .option('--delete', 'delete it, with its grant')
    .option('--as-buyer [profile]', 'also accept and activate it, in an account of your own')
    .option('--json', 'print JSON')
    .addHelpText('after', HELP)
    .action((account: string, product: string, given: Given, command: Command) => {
      requireOne(given);
      return withWatcher(command, async (watcher, local) =>
        testLicense(await resolveAccount(account, watcher), product, given, { watcher, local, io }),
      );
    });
};

const HELP = `
It follows the seller guide for test licenses: it creates and grants the
license in your account, and prints the commands with which the buyer accepts
and activates it (--as-buyer runs them). Each run checks how far the license is,
does the next step, and says what comes after it. Running it again repeats no
step. It touches only licenses that it made itself.

The license begins today (midnight UTC) and has the lowest tier, or 5 of what
the product needs to start. The watcher sees it within an interval; at once with
"license-watcher check".

Credentials need, in addition to what "check" needs: license-manager:
ListLicenses, GetLicense, ListDistributedGrants, CreateLicense, CreateGrant; to
amend and end CreateLicenseVersion; to delete DeleteLicense and DeleteGrant.

In JSON: account, product, licenseArn, grantArn, entitlements, end, state
(active, ended, deleted, none, pending, unclear; accept and activate: by the
buyer), done, buyerCommands, next. Members are added, never renamed or removed.

Examples:
  $ license-watcher test-license 111122223333 scanner-test
  $ license-watcher test-license 111122223333 scanner-test --as-buyer sandbox
  $ license-watcher test-license 111122223333 scanner-test --amend
  $ license-watcher test-license 111122223333 scanner-test --amend --days 400
  $ license-watcher test-license 111122223333 scanner-test --end
  $ license-watcher test-license 111122223333 scanner-test --delete`;

interface Given {
  readonly entitlement?: readonly string[];
  readonly days?: string;
  readonly amend?: boolean;
  readonly end?: boolean;
  readonly delete?: boolean;
  readonly asBuyer?: AsBuyer;
  readonly json?: boolean;
}

function requireOne({ amend, end, delete: deletes, entitlement, days, asBuyer }: Given): void {
  const chosen = [
    ...(amend === true ? ['--amend'] : []),
    ...(end === true ? ['--end'] : []),
    ...(deletes === true ? ['--delete'] : []),
  ];
  const [first, second] = chosen;
  if (second !== undefined)
    throw misuse(`${chosen.join(' and ')} exclude each other: give one, then the other`);
  if (first === undefined || first === '--amend') return;
  const clash = Object.entries({
    '--entitlement': entitlement,
    '--days': days,
    '--as-buyer': asBuyer,
  })
    .filter(([, value]) => value !== undefined)
    .map(([name]) => name);
  if (clash.length > 0)
    throw misuse(
      `${first} and ${clash.join(', ')} exclude each other: leave out ${clash.join(', ')}`,
    );
}

const DEFAULT_DAYS = 10;
/** About as long as a contract of AWS Marketplace may be. */
const LONGEST_DAYS = 3_650;

function goalOf(given: Given, product: DeployedProduct, now: Instant): Goal {
  if (given.delete === true) return { kind: 'delete' };
  if (given.end === true) return { kind: 'end', now };
  const { entitlements, end } = askedOf(given, product, now);
  if (given.amend === true)
    return {
      kind: 'amend',
      entitlements: entitlements ?? (end === null ? moreEntitlements(product) : null),
      end,
    };
  return {
    kind: 'have',
    terms: {
      begin: midnight(now),
      end: end ?? plus(midnight(now), DEFAULT_DAYS * DAY),
      entitlements: entitlements ?? firstEntitlements(product),
    },
  };
}

function midnight(now: Instant): Instant {
  return instant(Math.floor(epochMilliseconds(now) / DAY) * DAY);
}

/** The terms that were named. Null: not named. */
function askedOf({ entitlement, days }: Given, product: DeployedProduct, now: Instant) {
  return {
    entitlements: entitlement === undefined ? null : entitlementsOf(entitlement, product),
    end: days === undefined ? null : plus(midnight(now), daysOf(days) * DAY),
  };
}

function daysOf(text: string): number {
  const days = countOf(text, '--days');
  if (days <= LONGEST_DAYS) return days;
  throw misuse(`--days is ${quoted(text)}; expected at most ${LONGEST_DAYS}`);
}

interface Means {
  readonly watcher: Watcher;
  readonly local: LocalEndpoint;
  readonly io: Io;
}

async function testLicense(
  buyerAccountId: string,
  productId: string,
  given: Given,
  { watcher, local, io }: Means,
): Promise<void> {
  const product = await testable(buyerAccountId, productId, watcher, io);
  const now = instant(io.now());
  const goal = goalOf(given, product, now);
  if (goal.kind === 'have' || goal.kind === 'amend')
    await requireNotBought(buyerAccountId, product, watcher);
  const buyer =
    given.asBuyer === undefined
      ? undefined
      : await actingAs(buyerAccountId, given.asBuyer, watcher, local);
  const issuer = await watcher.testLicenses({
    buyerAccountId,
    productSku: product.productSku,
    productName: product.name,
    issuerName: issuerOf(product.issuerFingerprint),
  });
  const { situation, done, last } = await carryOut(goal, { issuer, buyer, product, now }).catch(
    aboutServiceRole,
  );
  const outcome: Outcome = {
    ...{ situation, done, last, goal },
    ...{ buyerAccountId, productId, now, local, region: watcher.region },
    isWatched: await isWatched(buyerAccountId, productId, watcher),
  };
  if (given.json === true) io.printJson(machineForm(outcome));
  else io.print(lines(outcome));
  const { license } = situation;
  const asked = askedOf(given, product, now);
  warnOfTiers(asked.entitlements ?? [], product, io);
  if (goal.kind === 'have' && license !== undefined && isOtherThan(license.terms, asked))
    throw new CommandFailure(
      `there was a test license of ${productId} for ${buyerAccountId} already, and it keeps its terms: give --amend as well to change them`,
    );
  if (last.do === 'nothing' && last.state === 'none')
    throw new CommandFailure(
      `there is no test license of ${productId} for ${buyerAccountId}: make one first, without ${goal.kind === 'end' ? '--end' : '--amend'}`,
    );
}

/** Such a license is worth a try, too: the watcher reports the tier. More often it is a slip. */
function warnOfTiers(
  asked: readonly TestEntitlement[],
  { id, tiers }: DeployedProduct,
  io: Io,
): void {
  const odd = asked.filter(({ name, count }) => count === null && !tiers.includes(name));
  if (odd.length === 0 || tiers.length === 0) return;
  const [names, are] = [allQuoted(odd.map(({ name }) => name)), odd.length === 1 ? 'is' : 'are'];
  const words = `Note: ${names} ${are} none of the tiers of ${id} in the settings (${tiers.join(', ')}). If that is a slip: --amend with --entitlement corrects it.`;
  io.stderr(`\n${wrapped(words).join('\n')}\n`);
}

/** The product; throws unless its licenses are the seller's own to issue. */
async function testable(
  buyerAccountId: string,
  productId: string,
  watcher: Watcher,
  io: Io,
): Promise<DeployedProduct> {
  const { sellerAccountId } = watcher;
  const products = await deployedProducts(watcher);
  const product = products.find(({ id }) => id === productId);
  if (product === undefined)
    throw misuse(
      `the product is ${quoted(productId)}; this watcher was deployed with ${allQuoted(products.map(({ id }) => id))}: name one of these`,
    );
  if (product.issuerFingerprint === MARKETPLACE_FINGERPRINT) {
    // By itself and unbroken, so that it can be copied.
    io.stdout(`${proposal(product, watcher)}\n`);
    throw misuse(refusal(product));
  }
  const [, account] = product.issuerFingerprint.split(':');
  if (account !== sellerAccountId)
    throw misuse(
      `licenses of ${productId} are issued by the account ${String(account)} (issuerFingerprint); expected ${sellerAccountId}, the watcher's own, the only account in which this command can issue: set "issuerFingerprint": ${quoted(`aws:${sellerAccountId}:Self:issuer-fingerprint`)} in cdk.json and deploy`,
    );
  if (buyerAccountId === sellerAccountId)
    throw misuse(
      `${buyerAccountId} is your own account, which issues the license: name another account as the buyer, one of your own to try it`,
    );
  return product;
}

function refusal({ id, productSku }: DeployedProduct): string {
  return `${id} counts real purchases (it has no issuerFingerprint in cdk.json), and its SKU ${productSku} is live. ${OWN_FINGERPRINT} Nothing was done: add the product above to "products" in cdk.json, deploy, and invite the buyer for it`;
}

function proposal(product: DeployedProduct, { seller, sellerAccountId }: Watcher): string {
  const contact = seller.products.find(({ id }) => id === product.id)?.contact ?? '';
  const trial = {
    id: product.id.length > 35 ? 'test' : `${product.id}-test`,
    name: `${product.name.slice(0, 72)} (test)`,
    productSku: `${product.productSku.slice(0, 195)}-test`,
    issuerFingerprint: `aws:${sellerAccountId}:Self:issuer-fingerprint`,
    ...(product.tiers.length > 0 && { tiers: product.tiers }),
    ...(Object.keys(product.dimensions).length > 0 && {
      dimensions: Object.fromEntries(
        Object.entries(product.dimensions).map(([name, said]) => [name, given(said)]),
      ),
    }),
    contact,
  };
  return jsonText(trial, 2);
}

/** A dimension as it stands in cdk.json, without what was not said there. */
function given(said: DeployedProduct['dimensions'][string]): object {
  return Object.fromEntries(
    Object.entries(said).filter(([, value]) => value !== null && value !== false),
  );
}

function issuerOf(fingerprint: string): string {
  return fingerprint.split(':').slice(2, -1).join(':');
}

/** A buyer who bought has a license already, and would be told of a test license as a second one. */
async function requireNotBought(
  buyerAccountId: string,
  { id }: DeployedProduct,
  { agreements }: Watcher,
): Promise<void> {
  for (const { agreement } of await agreements.of(contractKey(buyerAccountId, id))) {
    if (AGREEMENT_LIVES[agreement.status] !== 'goes-on') continue;
    throw misuse(
      `${buyerAccountId} bought ${id}, by the agreement ${agreement.agreementId}: the buyer would be told of a test license as well as what was bought. Nothing was done: name another account`,
    );
  }
}

async function isWatched(
  buyerAccountId: string,
  productId: string,
  { buyers }: Watcher,
): Promise<boolean> {
  const buyer = await buyers.find(buyerAccountId);
  return buyer?.status === 'active' && buyer.productIds.includes(productId);
}

interface Work {
  readonly issuer: TestLicenseIssuer;
  /** Undefined: the buyer takes its own steps. */
  readonly buyer: BuyerAccount | undefined;
  readonly product: DeployedProduct;
  readonly now: Instant;
}

/** Explains an error of AWS: License Manager has no role in an account where nobody ever opened its console. */
function aboutServiceRole(error: unknown): never {
  if (!(error instanceof Error) || !error.message.includes('Service role not found')) throw error;
  throw new CommandFailure(`${ROLE_MISSING}. ${CREATE_ROLE}`, 1, { cause: error });
}

interface Carried {
  readonly situation: Situation;
  readonly done: readonly Done[];
  readonly last: TestLicenseStep;
}

/**
 * Takes one step after the other, as far as they are ours. Each is taken once: if AWS does not show its effect yet, the rest is left to the
 * next call.
 */
async function carryOut(goal: Goal, work: Work): Promise<Carried> {
  const done: Done[] = [];
  const taken = new Set<string>();
  let made: TestLicense | undefined;
  for (;;) {
    const situation = await situationOf(work.issuer, made);
    if (situation.license !== undefined && goal.kind !== 'delete')
      requireFingerprint(situation.license, work.product);
    const step = nextStep(situation, goal, work.now);
    const name = 'grant' in step ? `${step.do} ${step.grant.grantArn}` : step.do;
    const isTheBuyers = step.do === 'accept' || step.do === 'activate';
    if (step.do === 'nothing' || (isTheBuyers && work.buyer === undefined))
      return { situation, done, last: step };
    if (taken.has(name)) return { situation, done, last: { do: 'nothing', state: 'pending' } };
    taken.add(name);
    made = (await take(step, situation, work)) ?? made;
    done.push(doneOf(step, situation));
  }
}

async function situationOf(
  issuer: TestLicenseIssuer,
  made: TestLicense | undefined,
): Promise<Situation> {
  const all = await issuer.list();
  const live = all.filter((each) => !isDeleted(each));
  const [first, second] = live;
  if (first !== undefined && second !== undefined)
    throw new CommandFailure(
      `there are ${live.length} test licenses of this buyer and product, and it is not clear which one is meant: delete all but one, ${live.map(({ licenseArn }) => licenseArn).join(', ')}`,
    );
  const isShown = all.some(({ licenseArn }) => licenseArn === made?.licenseArn);
  const license = first ?? (isShown ? undefined : made) ?? all.at(-1);
  const grants = license === undefined ? [] : await issuer.grants(license.licenseArn);
  return { license, grants, earlier: all.map(({ licenseArn }) => licenseArn) };
}

/**
 * The last command of AWS's guide asks for the Marketplace's fingerprint, which finds no test license. What counts is what the license
 * says.
 */
function requireFingerprint(
  { licenseArn, issuerFingerprint: actual }: TestLicense,
  { id, issuerFingerprint }: DeployedProduct,
): void {
  if (actual === issuerFingerprint) return;
  throw new CommandFailure(
    `the test license ${licenseArn} has the fingerprint ${quoted(actual)}, and the watcher looks for ${quoted(issuerFingerprint)}: write the former as issuerFingerprint of ${id} in cdk.json, deploy, and run the command again`,
  );
}

/** Takes one step. Returns the license if it is a new one. */
async function take(
  step: Exclude<TestLicenseStep, { do: 'nothing' }>,
  { license, earlier }: Situation,
  { issuer, buyer }: Work,
): Promise<TestLicense | undefined> {
  if (step.do === 'create') return issuer.create(step.terms, earlier);
  if (license === undefined) throw new Error(`${step.do} needs a license`);
  switch (step.do) {
    case 'grant':
      await issuer.grant(license.licenseArn, step.after);
      return undefined;
    case 'new-version':
      await issuer.newVersion(license, step.terms);
      return undefined;
    case 'delete-grant':
      await issuer.deleteGrant(step.grant);
      return undefined;
    case 'delete-license':
      await issuer.deleteLicense(license);
      return undefined;
    case 'accept':
      await buyer?.acceptGrant(step.grant.grantArn);
      return undefined;
    case 'activate':
      await buyer?.activateGrant(step.grant.grantArn, activationToken(step.grant));
      return undefined;
  }
}
