import type { Sha256 } from '../domain/ledger/canonical-json.ts';
import { contractKey, type License } from '../domain/license/contract.ts';

import { clientToken, drawable, type PlannedProbe, planProbe } from '../domain/check/probe.ts';
import type { Product } from '../domain/license/product.ts';
import type { SelfTest, SelfTestSubject, StepResult } from '../domain/registration/self-test.ts';
import { UNCLEAR, UNTRIED } from '../domain/check/observation.ts';
import type { Instant } from '../domain/time.ts';
import type { Topics } from '../domain/ports.ts';
import { describe, judge, PERMISSION_REMEDY } from './judge.ts';
import type { LicenseManager } from './license-manager/calls.ts';
import { runProbe, type ProbeLimits, type ProbeReport } from './license-manager/run-probe.ts';
import {
  howItStands,
  recordCalls,
  readProducts,
  whyNothing,
  type ReadCall,
  type ProductReading,
} from './registration-reads.ts';
import { LICENSE_MANAGER_ERRORS } from './license-manager/errors.ts';

export interface SelfTestMeans {
  readonly manager: LicenseManager;
  /** Called with the watcher's own credentials: the topic's policy allows it, not the role's. */
  readonly topics: Pick<Topics, 'standing'>;
  /** The limit of the whole self-test except the probe, which has its own limits. */
  readonly signal: AbortSignal;
  readonly probeLimits: ProbeLimits;
  readonly report: (report: ProbeReport, productId: string) => void;
  readonly now: Instant;
  readonly sha256: Sha256;
}

const OK: StepResult = { kind: 'ok' };

/**
 * Tries once all that the watcher will do, and says in the buyer's words what does not work. Independent steps run side by side, because
 * CloudFormation waits for all of them. Never throws.
 */
export async function runSelfTest(
  means: SelfTestMeans,
  request: SelfTestSubject,
): Promise<SelfTest> {
  const { manager, failures, answered } = recordCalls(means.manager);
  const [Topic, readings] = await Promise.all([
    tryTopic(means, request),
    readProducts(manager, request.products, means.signal),
  ]);
  const untried = open(`not tried: ${whyNothing(readings, means.now)}`);
  const step = (call: ReadCall, doing: string): StepResult => {
    if (failures.has(call)) return found(failures.get(call), doing, request);
    return answered.has(call) ? OK : untried;
  };
  const [probe, Usage] = await Promise.all([
    tryProbe(means, request, readings),
    tryUsage(means, request, readings, untried),
  ]);
  return {
    ListLicenses: step('listReceived', 'license-manager:ListReceivedLicenses'),
    GetLicense: step('getLicense', 'license-manager:GetLicense'),
    ...probe,
    Usage,
    Topic,
  };
}

async function tryTopic({ topics }: SelfTestMeans, request: SelfTestSubject): Promise<StepResult> {
  try {
    const standing = await topics.standing(request.noticeTopicArn);
    if (standing.kind === 'closed') {
      const remedy = wordsFor(request).topic;
      return {
        kind: 'problem',
        what: `the notice topic cannot be used: ${standing.reason}`,
        remedy,
      };
    }
    return standing.confirmedSubscriptions > 0 ? OK : open(UNCONFIRMED);
  } catch (error) {
    return open(`could not be tried: ${describe(error)}`);
  }
}

async function tryProbe(
  means: SelfTestMeans,
  request: SelfTestSubject,
  readings: readonly ProductReading[],
): Promise<Pick<SelfTest, 'Checkout' | 'CheckIn'>> {
  const { now, signal } = means;
  const both = (words: string) => ({ Checkout: open(words), CheckIn: open(words) });
  if (!request.probe) return both(`not tried: ${wordsFor(request).probe}`);
  const plans = readings.map((reading) => planOf(reading, now));
  const plan = plans.find((each): each is Attempt => typeof each !== 'string');
  if (plan === undefined) {
    const reasons = plans.filter((each) => typeof each === 'string');
    return both(
      `not tried: ${reasons.length === 0 ? whyNothing(readings, now) : reasons.join('; ')}`,
    );
  }
  if (signal.aborted) return both(`not tried: ${UNTRIED['out-of-time']}`);

  const { product, licenses, checkout } = plan;
  const token = clientToken(
    contractKey(request.buyerAccountId, product.id),
    request.checkId,
    means.sha256,
  );
  let checkInError: string | undefined;
  const outcome = await runProbe(
    means.manager,
    { ...checkout, clientToken: token },
    drawable(licenses, now),
    means.probeLimits,
    (report) => {
      if (report.kind === 'check-in-failed') checkInError = report.error;
      means.report(report, product.id);
    },
  );
  switch (outcome.outcome) {
    case 'accepted':
      return {
        Checkout: OK,
        CheckIn: outcome.checkedIn ? OK : checkInProblem(checkInError, request),
      };
    case 'unclear':
      return {
        Checkout: open(
          `License Manager takes a checkout, but ${UNCLEAR[outcome.what]}: the call itself is permitted`,
        ),
        CheckIn: outcome.checkedIn ? OK : checkInProblem(checkInError, request),
      };
    case 'refused':
      return both(
        `License Manager refuses a checkout for now (${outcome.error}): the call itself is permitted`,
      );
    case 'not-probed':
      return both(`not tried: ${outcome.reason}`);
    case 'failed':
      return {
        Checkout: denied(outcome.error)
          ? {
              kind: 'problem',
              what: `license-manager:CheckoutLicense is denied (${outcome.error})`,
              remedy: wordsFor(request).permission,
            }
          : open(`could not be tried: ${outcome.reason}`),
        CheckIn: open('not tried: there was no checkout'),
      };
  }
}

interface Attempt {
  readonly product: Product;
  readonly licenses: readonly License[];
  readonly checkout: PlannedProbe;
}

/** The checkout that a check would try for this contract, if it takes no unit; otherwise why there is none. */
function planOf(reading: ProductReading, now: Instant): string | Attempt {
  const { product, reads } = reading;
  if (reads.kind !== 'read') return howItStands(reading, now);
  const plan = planProbe(reads.licenses, product, {
    permitted: true,
    usage: null,
    unitOutUntil: null,
    now,
  });
  if ('untried' in plan)
    return plan.untried === 'none-in-force' ? howItStands(reading, now) : plan.reason;
  // Only the head remembers a unit that is out. If this one were not returned, each further self-test would take another.
  if (plan.value !== null) return 'it would take a unit; the checks try it';
  return { product, licenses: reads.licenses, checkout: plan };
}

async function tryUsage(
  { manager, signal }: SelfTestMeans,
  request: SelfTestSubject,
  readings: readonly ProductReading[],
  untried: StepResult,
): Promise<StepResult> {
  if (!request.shareUsage) return open(`not tried: ${wordsFor(request).shareUsage}`);
  const usable = readings
    .flatMap(({ reads }) => (reads.kind === 'read' ? reads.licenses : []))
    .find(({ status, receivedStatus }) => status === 'AVAILABLE' && receivedStatus === 'ACTIVE');
  if (usable === undefined) return untried;
  try {
    await manager.getUsage(usable.licenseArn, signal);
    return OK;
  } catch (error) {
    return found(error, 'license-manager:GetLicenseUsage', request);
  }
}

/** Until somebody confirms, a publish succeeds and reaches nobody. */
const UNCONFIRMED =
  'nobody has confirmed yet: open the mail from "AWS Notifications" and confirm it; until then the notices wait';

const WITH_STACK = {
  probe: 'the stack says Probe = no',
  shareUsage: 'the stack says ShareUsage = no',
  permission: PERMISSION_REMEDY,
  topic: 'delete the License Watcher stack and create it again with the same parameters',
};

const WITHOUT_STACK: typeof WITH_STACK = {
  probe: 'registered with --probe no',
  shareUsage: 'registered with --share-usage no',
  permission:
    'if no permissions boundary or service control policy denies it, allow the role what the buyer template allows its reading role',
  topic: 'give the topic the policy that the buyer template gives its notice topic',
};

function wordsFor({ hasStack }: SelfTestSubject): typeof WITH_STACK {
  return hasStack ? WITH_STACK : WITHOUT_STACK;
}

function found(error: unknown, doing: string, request: SelfTestSubject): StepResult {
  const judgement = judge(LICENSE_MANAGER_ERRORS, error);
  if (judgement.kind === 'blind') {
    const remedy =
      judgement.cause === 'permission-missing' ? wordsFor(request).permission : judgement.remedy;
    return { kind: 'problem', what: `${doing} failed (${describe(error)})`, remedy };
  }
  return open(`could not be tried: ${doing}: ${describe(error)}`);
}

function checkInProblem(error: string | undefined, request: SelfTestSubject): StepResult {
  return {
    kind: 'problem',
    what: `license-manager:CheckInLicense failed (${error ?? 'no reason given'})`,
    remedy: wordsFor(request).permission,
  };
}

function denied(error: string): boolean {
  return error === 'AccessDeniedException' || error === 'AuthorizationException';
}

function open(words: string): StepResult {
  return { kind: 'open', words };
}
