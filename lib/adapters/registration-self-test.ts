import type { License } from '../domain/licenses.ts';
import { contractKey } from '../domain/contract.ts';
import { clientToken, planProbe } from '../domain/probe.ts';
import type { Sha256 } from '../domain/ports.ts';
import type { Product } from '../domain/product.ts';
import type { Finding, SelfTest } from '../domain/self-test.ts';
import type { Instant } from '../domain/time.ts';
import type { Topics } from '../domain/topics.ts';
import { PERMISSION_REMEDY } from './error-table.ts';
import { describe, judge } from './judge.ts';
import type { LicenseManager } from './license-manager/calls.ts';
import { listReceived } from './license-manager/list-received.ts';
import { parseIdentity, parseReceived, parseTerms } from './license-manager/parse-license.ts';
import { runProbe, type ProbeLimits, type ProbeReport } from './license-manager/run-probe.ts';

export interface SelfTestMeans {
  readonly manager: LicenseManager;
  /** Asked in the watcher's own name: the topic's policy lets it, not the role. */
  readonly topics: Pick<Topics, 'standing'>;
  /** Of the whole, the probe apart: that has its own limits. */
  readonly signal: AbortSignal;
  readonly probeLimits: ProbeLimits;
  readonly report: (report: ProbeReport, productId: string) => void;
  readonly now: Instant;
  readonly sha256: Sha256;
}

export interface SelfTestRequest {
  readonly buyerAccountId: string;
  readonly products: readonly Product[];
  readonly noticeTopicArn: string;
  readonly probe: boolean;
  readonly shareUsage: boolean;
  readonly checkId: string;
}

interface Specimen {
  readonly product: Product;
  /** As the list has it, its grant included. */
  readonly listed: unknown;
  readonly licenseArn: string;
}

const OK: Finding = { kind: 'ok' };

/** Tries once whatever the watcher will do, and says in the buyer's words what does not work. Never throws. */
export async function runSelfTest(means: SelfTestMeans, request: SelfTestRequest): Promise<SelfTest> {
  const Topic = await tryTopic(means, request);
  const { finding: ListLicenses, specimens } = await tryList(means, request);
  const [specimen] = specimens;
  if (specimen === undefined) {
    const none = open(
      ListLicenses.kind === 'ok'
        ? `not tried: no license of ${namesOf(request.products)} in this account yet`
        : 'not tried: the licenses could not be listed',
    );
    return { ListLicenses, GetLicense: none, Checkout: none, CheckIn: none, Usage: none, Topic };
  }
  const { finding: GetLicense, license } = await tryGet(means, specimen);
  const { Checkout, CheckIn } = await tryProbe(means, request, specimen, license);
  const Usage = await tryUsage(means, request, specimen);
  return { ListLicenses, GetLicense, Checkout, CheckIn, Usage, Topic };
}

async function tryTopic({ topics }: SelfTestMeans, { noticeTopicArn }: SelfTestRequest): Promise<Finding> {
  try {
    const standing = await topics.standing(noticeTopicArn);
    if (standing.kind === 'closed') {
      return { kind: 'problem', what: `the notice topic cannot be used: ${standing.reason}`, remedy: TOPIC_REMEDY };
    }
    return standing.confirmedSubscriptions > 0 ? OK : open(UNCONFIRMED);
  } catch (error) {
    return open(`could not be tried: ${describe(error)}`);
  }
}

async function tryList(
  { manager, signal }: SelfTestMeans,
  { products }: SelfTestRequest,
): Promise<{ finding: Finding; specimens: readonly Specimen[] }> {
  const specimens: Specimen[] = [];
  if (products.length === 0) return { finding: open('not tried: the seller watches no product of yours'), specimens };
  try {
    for (const product of products) {
      for (const productSku of [product.productSku, ...product.formerSkus]) {
        for (const listed of await listReceived(manager, productSku, signal)) {
          const licenseArn = ours(listed, product);
          if (licenseArn !== undefined) specimens.push({ product, listed, licenseArn });
        }
      }
    }
  } catch (error) {
    return { finding: found(error, 'license-manager:ListReceivedLicenses'), specimens };
  }
  return { finding: OK, specimens };
}

/** Its ARN if the license is of this product by this issuer. One that cannot be read is left to the first check. */
function ours(listed: unknown, { productSku, formerSkus, issuerFingerprint }: Product): string | undefined {
  try {
    const identity = parseIdentity(listed);
    const isSold = [productSku, ...formerSkus].includes(identity.productSku);
    return isSold && identity.issuerFingerprint === issuerFingerprint ? identity.licenseArn : undefined;
  } catch {
    return undefined;
  }
}

async function tryGet(
  { manager, signal }: SelfTestMeans,
  { licenseArn, listed }: Specimen,
): Promise<{ finding: Finding; license: License | string }> {
  let answer: unknown;
  try {
    answer = await manager.getLicense(licenseArn, signal);
  } catch (error) {
    const finding = found(error, 'license-manager:GetLicense');
    return { finding, license: 'the license could not be read' };
  }
  try {
    return { finding: OK, license: parseTerms(answer, parseReceived(listed)) };
  } catch (error) {
    // The permission is there; what is odd about the license, the first check reports.
    return { finding: OK, license: `the license is odd (${describe(error)})` };
  }
}

async function tryProbe(
  means: SelfTestMeans,
  request: SelfTestRequest,
  { product }: Specimen,
  license: License | string,
): Promise<Pick<SelfTest, 'Checkout' | 'CheckIn'>> {
  const both = (words: string) => ({ Checkout: open(words), CheckIn: open(words) });
  if (!request.probe) return both('not tried: the stack says Probe = no');
  if (typeof license === 'string') return both(`not tried: ${license}`);
  const plan = planProbe([license], product, { permitted: true, usage: null, unitOutUntil: null, now: means.now });
  if ('reason' in plan) return both(`not tried: ${plan.reason}`);
  // Only the head knows of a unit that is out: taken here and not returned, another would be at each self-test.
  if (plan.value !== null) return both('not tried: it would take a seat; the checks try it');

  const { issuerFingerprint: keyFingerprint, ...rest } = plan;
  const token = clientToken(contractKey(request.buyerAccountId, product.id), request.checkId, means.sha256);
  let checkInError: string | undefined;
  const outcome = await runProbe(
    means.manager,
    { ...rest, keyFingerprint, clientToken: token },
    [license.licenseArn],
    means.probeLimits,
    (report) => {
      if (report.kind === 'check-in-failed') checkInError = report.error;
      means.report(report, product.id);
    },
  );
  switch (outcome.outcome) {
    case 'accepted':
      return { Checkout: OK, CheckIn: outcome.checkedIn ? OK : checkInProblem(checkInError) };
    case 'refused':
      return both(`License Manager refuses a checkout for now (${outcome.error}): the call itself is permitted`);
    case 'not-probed':
      return both(`not tried: ${outcome.reason}`);
    case 'failed':
      return {
        Checkout: denied(outcome.error)
          ? {
              kind: 'problem',
              what: `license-manager:CheckoutLicense is denied (${outcome.error})`,
              remedy: PERMISSION_REMEDY,
            }
          : open(`could not be tried: ${outcome.reason}`),
        CheckIn: open('not tried: there was no checkout'),
      };
  }
}

async function tryUsage(
  { manager, signal }: SelfTestMeans,
  { shareUsage }: SelfTestRequest,
  { licenseArn }: Specimen,
): Promise<Finding> {
  if (!shareUsage) return open('not tried: the stack says ShareUsage = no');
  try {
    await manager.getUsage(licenseArn, signal);
    return OK;
  } catch (error) {
    return found(error, 'license-manager:GetLicenseUsage');
  }
}

/** Until then a publish succeeds and reaches nobody. */
const UNCONFIRMED =
  'nobody has confirmed yet: open the mail from "AWS Notifications" and confirm it; until then the notices wait';

const TOPIC_REMEDY = 'delete the License Watcher stack and create it again with the same parameters';

function found(error: unknown, doing: string): Finding {
  const judgement = judge('license-manager', error);
  if (judgement.kind === 'blind') {
    return { kind: 'problem', what: `${doing} failed (${describe(error)})`, remedy: judgement.remedy };
  }
  return open(`could not be tried: ${doing}: ${describe(error)}`);
}

function checkInProblem(error: string | undefined): Finding {
  return {
    kind: 'problem',
    what: `license-manager:CheckInLicense failed (${error ?? 'no reason given'})`,
    remedy: PERMISSION_REMEDY,
  };
}

function denied(error: string): boolean {
  return error === 'AccessDeniedException' || error === 'AuthorizationException';
}

function open(words: string): Finding {
  return { kind: 'open', words };
}

function namesOf(products: readonly Product[]): string {
  return products.map(({ name }) => name).join(', ');
}
