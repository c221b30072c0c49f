import * as z from 'zod/mini';
import type { Head } from '../../../../domain/check/head.ts';
import { BLIND_CAUSES, type BlindCause } from '../../../../domain/check/observation.ts';
import type { Unrecorded } from '../../../../domain/check/unrecorded.ts';
import type { KnownBuyer } from '../../../ledger/archive.ts';
import { type ContractKey, contractOf } from '../../../../domain/license/contract.ts';
import {
  type BuyerReachability,
  currentReachability,
} from '../../../../domain/notice/reachability.ts';
import type { Buyer } from '../../../../domain/registration/buyer.ts';
import type { Instant } from '../../../../domain/time.ts';
import { cleanText } from '../../../../domain/outside-text.ts';
import { UNREACHABLE_CAUSES, unreachableRemedy } from '../../../../mail/news/reachability-news.ts';
import {
  remedyFor,
  troubleRemedy,
  troubleWords,
  whatWasSeen,
} from '../../../../mail/news/watch-news.ts';
import { wouldStart } from '../../../would-start.ts';
import {
  selfTestAnswer,
  type SelfTestAnswer,
  type SelfTestRequest,
} from '../../../../messages/requests.ts';
import { REGISTRATION_ATTRIBUTES } from '../../../../messages/registration.ts';
import { inOrder } from '../../../in-order.ts';
import { DELETED_BY_HAND } from '../../aws-sentences.ts';
import type { Io, Watcher } from '../../io.ts';
import { timeText } from '../../output/moment.ts';
import { topicFindings } from './topics.ts';
import { findingsIn, type HealthFinding } from './finding.ts';
import { isOverdue, UNRECORDED_WORDS } from '../../../unseen.ts';

const inBuyers = findingsIn('buyers');

/** Self-tests at a time: a young account allows 10 invocations at once, and the sweeps need some of them. */
const WIDTH = 5;

/** Has register-buyer try the permissions of each buyer, and yields the findings in the order of the buyers. Ends if interrupted. */
export async function* tryBuyers(
  buyers: readonly ExaminedBuyer[],
  { invoke }: Pick<Watcher, 'invoke'>,
  { interrupted }: Pick<Io, 'interrupted'>,
): AsyncIterable<readonly HealthFinding[]> {
  // Reported once, because it is the same for all of them.
  const unusable: HealthFinding[] = [];
  const all = inOrder(buyers, WIDTH, async ({ buyer, seen, ill }) => {
    if (unusable.length > 0) return ill;
    const tried = await tryBuyer(buyer, seen, invoke);
    if (tried.kind === 'findings') return [...tried.findings, ...ill];
    return unusable.push(tried.finding) === 1 ? [tried.finding, ...ill] : ill;
  });
  for await (const findings of all) {
    if (interrupted.aborted) return;
    if (findings.length > 0) yield findings;
  }
}

/** A buyer, and the problems that its records show without a self-test. */
export interface ExaminedBuyer {
  readonly buyer: Buyer;
  /** What the daily look saw of this registration's topic. */
  readonly seen: BuyerReachability | undefined;
  readonly ill: readonly HealthFinding[];
  /** True if the watcher cannot see it, or nobody looks at it, so that its permissions must be tried. */
  readonly isUnseen: boolean;
}

export function examine(
  buyer: Buyer,
  { heads, unrecorded, reachability, lastSeen }: Omit<KnownBuyer, 'buyer' | 'notices'>,
  productIds: readonly string[],
  now: Instant,
): ExaminedBuyer {
  const seen = currentReachability(reachability, buyer.registration);
  const recorded = heads.filter(
    ({ contract }) => !unrecorded.some((each) => each.contract === contract),
  );
  const isLookedAt = ({ contract }: { readonly contract: ContractKey }) =>
    productIds.includes(contractOf(contract).productId);
  return {
    buyer,
    seen,
    ill: [
      ...startFindings(buyer, recorded.filter(isLookedAt), now),
      ...recorded.flatMap((head) => troubleFindings(buyer, head)),
      ...unrecorded.map((each) => unrecordedFinding(buyer, each)),
      ...topicFindings(whoIs(buyer), buyer, seen),
    ],
    isUnseen:
      heads.some((head) => head.blind !== null && head.watchEnded === null && isLookedAt(head)) ||
      lastSeen.some((each) => isLookedAt(each) && isOverdue(each, now)),
  };
}

type Tried =
  | { readonly kind: 'findings'; readonly findings: readonly HealthFinding[] }
  /** The function does not work, so it can try no buyer. */
  | { readonly kind: 'unusable'; readonly finding: HealthFinding };

async function tryBuyer(
  buyer: Buyer,
  before: BuyerReachability | undefined,
  invoke: Watcher['invoke'],
): Promise<Tried> {
  const request: SelfTestRequest = {
    format: 1,
    request: 'self-test',
    buyerAccountId: buyer.buyerAccountId,
  };
  let answered: unknown;
  try {
    answered = await invoke('registrations', request);
  } catch (error) {
    return notAnswered(buyer, error);
  }
  const answer = z.safeParse(selfTestAnswer, answered);
  if (answer.success)
    return { kind: 'findings', findings: buyerFindings(buyer, before, answer.data) };
  const finding = inBuyers.failure(
    'no buyer was tried: register-buyer answers what this version cannot read',
    {
      detail: cleanText(answer.error.message, 300),
      remedy:
        'use the same version of command line and stack: deploy this one with "npx cdk deploy"',
    },
  );
  return { kind: 'unusable', finding };
}

function notAnswered(buyer: Buyer, error: unknown): Tried {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  const detail = cleanText(`${name}: ${message}`, 400);
  if (/^(AccessDenied|AccessDeniedException)$/.test(name)) {
    const what =
      'no buyer was tried: invoking register-buyer needs the permission lambda:InvokeFunction';
    const remedy =
      'give these credentials lambda:InvokeFunction, or use others with --profile, or --no-buyers';
    return { kind: 'unusable', finding: inBuyers.warning(what, { detail, remedy }) };
  }
  if (name === 'ResourceNotFoundException') {
    const finding = inBuyers.failure('no buyer was tried: the function register-buyer is gone', {
      detail,
      remedy: DELETED_BY_HAND,
    });
    return { kind: 'unusable', finding };
  }
  const finding = inBuyers.failure(`${whoIs(buyer)}: not tried, register-buyer failed`, {
    detail,
    remedy:
      'check its log; if it does not know the request, deploy this version with "npx cdk deploy"',
    runbook: 'register-buyer-failing',
  });
  return { kind: 'findings', findings: [finding] };
}

/** What the self-test of a buyer found: one finding if all is well, else one for each problem. */
function buyerFindings(
  buyer: Buyer,
  before: BuyerReachability | undefined,
  answer: SelfTestAnswer,
): readonly HealthFinding[] {
  const who = whoIs(buyer);
  switch (answer.outcome) {
    case 'tested':
      return tested(who, answer.selfTest, before);
    case 'not-opened': {
      const { cause, detail } = answer;
      const what = `${who}: the reading role does not let the watcher in`;
      return isBlindness(cause)
        ? [
            inBuyers.failure(what, {
              detail: whatWasSeen(detail),
              remedy: `the buyer: ${remedyFor(cause, buyer)}`,
            }),
          ]
        : [
            inBuyers.warning(`${who}: not tried, the cause is not the buyer's (${cause})`, {
              detail: cleanText(detail, 400),
              remedy:
                'try again later; if every buyer shows it, see "After a change by hand" in the runbook',
            }),
          ];
    }
    case 'refused':
      return [
        inBuyers.warning(`${who}: not tried`, {
          detail: null,
          remedy: cleanText(answer.words, 400),
        }),
      ];
  }
}

function unrecordedFinding(
  buyer: Buyer,
  { contract, cause, detail, since }: Unrecorded,
): HealthFinding {
  const product = cleanText(contractOf(contract).productId);
  const words = UNRECORDED_WORDS[cause];
  return inBuyers.failure(
    `${whoIs(buyer)} ${product}: not recorded since ${timeText(since)}: ${words.cause}`,
    {
      detail: cleanText(detail, 600),
      remedy: words.remedy,
      runbook: 'contracts-unrecorded',
    },
  );
}

function whoIs({ buyerAccountId, name }: Buyer): string {
  return `${buyerAccountId} (${cleanText(name)})`;
}

/** Reads each step's sentence: ok, a problem with a remedy, not tried, or unclear. `SelfTest` is left out: it only sums the others up. */
function tested(
  who: string,
  selfTest: Readonly<Record<string, string>>,
  before: BuyerReachability | undefined,
): readonly HealthFinding[] {
  const steps = Object.values(REGISTRATION_ATTRIBUTES).flatMap((step) => {
    const words = selfTest[step];
    return step === REGISTRATION_ATTRIBUTES.selfTest || words === undefined
      ? []
      : [{ step, words: cleanText(words, 600) }];
  });
  const untried = steps.filter(({ words }) => words.startsWith('not tried'));
  const bad = steps.filter((each) => each.words !== 'ok' && !untried.includes(each));
  if (bad.length > 0)
    return bad.flatMap(({ step, words }) =>
      step === REGISTRATION_ATTRIBUTES.topic && words.startsWith(NOBODY_CONFIRMED)
        ? nobodyConfirmed(who, words, before)
        : [problem(who, step, words)],
    );
  const worked = steps.filter(({ words }) => words === 'ok').map(({ step }) => step);
  return [
    inBuyers.ok(
      `${who}: ${worked.length === 0 ? 'nothing could be tried' : `${worked.join(', ')} work`}`,
      {
        detail:
          untried.length === 0
            ? null
            : untried.map(({ step, words }) => `${step} ${words}`).join('; '),
      },
    ),
  ];
}

/** How the self-test's words begin if nobody has confirmed. It sees who is subscribed now, but not who was before. */
const NOBODY_CONFIRMED = 'nobody has confirmed';

function nobodyConfirmed(
  who: string,
  words: string,
  before: BuyerReachability | undefined,
): readonly HealthFinding[] {
  switch (before?.state) {
    case 'gone':
    case 'never-confirmed':
      // What the daily look saw gives a finding that says it in full.
      return [];
    case 'confirmed':
      return [
        inBuyers.warning(`${who} ${REGISTRATION_ATTRIBUTES.topic}: ${UNREACHABLE_CAUSES.gone}`, {
          remedy: `ask the buyer to ${unreachableRemedy('gone', false)}`,
        }),
      ];
    case 'cannot-tell':
    case 'topic-closed':
    case undefined:
      return [problem(who, REGISTRATION_ATTRIBUTES.topic, words)];
  }
}

function problem(who: string, step: string, words: string): HealthFinding {
  const [, what, remedy] = /^(.*?)\. Remedy: (.*)$/s.exec(words) ?? [];
  if (what !== undefined && remedy !== undefined)
    return inBuyers.failure(`${who} ${step}: ${what}`, { remedy: `the buyer: ${remedy}` });
  return inBuyers.warning(`${who} ${step}: ${words}`, { remedy: remedyOf(step, words) });
}

function isBlindness(cause: string): cause is BlindCause {
  return (BLIND_CAUSES as readonly string[]).includes(cause);
}

function remedyOf(step: string, words: string): string {
  if (words.startsWith('could not be tried')) return 'try again later';
  return step === REGISTRATION_ATTRIBUTES.topic
    ? 'ask the buyer to do so'
    : 'nothing to fix: the checks go on trying, and "license-watcher contracts" says whether the product would start';
}

/**
 * Problems that the checks meet and the self-test may miss, as it asks only once. A problem that only the buyer can mend, the self-test
 * reports itself.
 */
function troubleFindings(
  buyer: Buyer,
  { contract, blind, watchEnded }: Head,
): readonly HealthFinding[] {
  if (watchEnded !== null || blind?.cause !== 'trouble') return [];
  const { detail, since } = blind;
  const product = cleanText(contractOf(contract).productId);
  return [
    inBuyers.warning(
      `${whoIs(buyer)} ${product}: not seen since ${timeText(since)}: ${troubleWords(detail)}`,
      {
        detail: whatWasSeen(detail),
        remedy: troubleRemedy(detail),
        runbook: 'checks-failing',
      },
    ),
  ];
}

/** Contracts of the buyer whose product would not start, with the cause that is known. */
function startFindings(
  buyer: Buyer,
  heads: readonly Head[],
  now: Instant,
): readonly HealthFinding[] {
  return heads.flatMap((head) => {
    if (head.watchEnded !== null) return [];
    const { productId } = contractOf(head.contract);
    const { answer, reason } = wouldStart(head, buyer.registration, now);
    if (answer !== 'no') return [];
    return [
      inBuyers.warning(`${whoIs(buyer)}: ${productId} would not start`, {
        detail: cleanText(reason, 400),
        remedy: `look at the license with the buyer: "license-watcher history ${buyer.buyerAccountId}" says since when`,
      }),
    ];
  });
}
