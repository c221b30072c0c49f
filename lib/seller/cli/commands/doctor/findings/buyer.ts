import type { Buyer } from '../../../../../domain/registration/buyer.ts';
import { contractOf } from '../../../../../domain/license/contract.ts';
import type { Head } from '../../../../../domain/check/head.ts';
import { BLIND_CAUSES, type BlindCause } from '../../../../../domain/check/sighting.ts';
import type { Instant } from '../../../../../domain/time.ts';
import { UNRECORDED_WORDS, type Unrecorded } from '../../../../../domain/check/unrecorded.ts';
import { wouldStart } from '../../../../../mail/would-start.ts';
import { spoken } from '../../../output/time.ts';
import { cleanText } from '../../../../../mail/clean-text.ts';
import { remedyFor, whatWasSeen } from '../../../../../mail/news/blindness-news.ts';
import type { SelfTestAnswer } from '../../../../../messages/asks.ts';
import { REGISTRATION_ATTRIBUTES } from '../../../../../messages/registration.ts';
import { failure, ok, warning, type Finding } from './finding.ts';

/** What the self-test of a buyer found: one finding where all is well, else one for each thing. */
export function buyerFindings(buyer: Buyer, answer: SelfTestAnswer): readonly Finding[] {
  const who = whoIs(buyer);
  switch (answer.outcome) {
    case 'tested':
      return tested(who, answer.selfTest);
    case 'not-opened': {
      const { cause, detail } = answer;
      const what = `${who}: the reading role does not let the watcher in`;
      return isBlindness(cause)
        ? [
            failure('buyers', what, {
              detail: whatWasSeen(detail),
              remedy: `the buyer: ${remedyFor(cause, buyer)}`,
            }),
          ]
        : [
            warning('buyers', `${who}: not tried, the cause is not the buyer's (${cause})`, {
              detail: cleanText(detail, 400),
              remedy: 'try again later; if every buyer shows it, deploy again',
            }),
          ];
    }
    case 'refused':
      return [
        warning('buyers', `${who}: not tried`, {
          detail: null,
          remedy: cleanText(answer.words, 400),
        }),
      ];
  }
}

export function unrecordedFinding(
  buyer: Buyer,
  { contract, cause, detail, since }: Unrecorded,
): Finding {
  const product = cleanText(contractOf(contract).productId);
  const words = UNRECORDED_WORDS[cause];
  return failure(
    'buyers',
    `${whoIs(buyer)} ${product}: not recorded since ${spoken(since)}: ${words.cause}`,
    {
      detail: cleanText(detail, 600),
      remedy: words.remedy,
      runbook: 'contracts-unrecorded',
    },
  );
}

export function whoIs({ buyerAccountId, name }: Buyer): string {
  return `${buyerAccountId} (${cleanText(name)})`;
}

/** `SelfTest` only sums the others up. Of each the sentence says what it is: ill with a remedy, not tried, or unclear. */
function tested(who: string, selfTest: Readonly<Record<string, string>>): readonly Finding[] {
  const steps = Object.values(REGISTRATION_ATTRIBUTES).flatMap((step) => {
    const words = selfTest[step];
    return step === REGISTRATION_ATTRIBUTES.selfTest || words === undefined
      ? []
      : [{ step, words: cleanText(words, 600) }];
  });
  const untried = steps.filter(({ words }) => words.startsWith('not tried'));
  const bad = steps.filter((each) => each.words !== 'ok' && !untried.includes(each));
  if (bad.length > 0) return bad.map(({ step, words }) => problem(who, step, words));
  const worked = steps.filter(({ words }) => words === 'ok').map(({ step }) => step);
  return [
    ok(
      'buyers',
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

function problem(who: string, step: string, words: string): Finding {
  const [, what, remedy] = /^(.*?)\. Remedy: (.*)$/s.exec(words) ?? [];
  if (what !== undefined && remedy !== undefined)
    return failure('buyers', `${who} ${step}: ${what}`, { remedy: `the buyer: ${remedy}` });
  return warning('buyers', `${who} ${step}: ${words}`, { remedy: remedyOf(step, words) });
}

function isBlindness(cause: string): cause is BlindCause {
  return (BLIND_CAUSES as readonly string[]).includes(cause);
}

function remedyOf(step: string, words: string): string {
  if (words.startsWith('could not be tried')) return 'try again later';
  return step === REGISTRATION_ATTRIBUTES.topic
    ? 'ask the buyer to do so'
    : 'nothing to mend: the checks go on trying, "license-watcher contracts" says whether the product would start';
}

/** Contracts of the buyer of which a cause is known why the product would not start. */
export function startFindings(
  buyer: Buyer,
  heads: readonly Head[],
  productIds: readonly string[],
  now: Instant,
): readonly Finding[] {
  return heads.flatMap((head) => {
    const { productId } = contractOf(head.contract);
    if (head.watchEnded !== null || !productIds.includes(productId)) return [];
    const { answer, reason } = wouldStart(head, buyer.registration, now);
    if (answer !== 'no') return [];
    return [
      warning('buyers', `${whoIs(buyer)}: ${productId} would not start`, {
        detail: cleanText(reason, 400),
        remedy: `look at the license with the buyer: "license-watcher history ${buyer.buyerAccountId}" says since when`,
      }),
    ];
  });
}
