import type { Buyer } from '../../../../domain/buyer.ts';
import { BLIND_CAUSES, type BlindCause } from '../../../../domain/sighting.ts';
import { cleanText } from '../../../../domain/words/clean-text.ts';
import { REMEDIES, whatWasSeen } from '../../../../domain/words/news/blindness-news.ts';
import type { SelfTestAnswer } from '../../../../schemas/asks.ts';
import { REGISTRATION_ATTRIBUTES } from '../../../../schemas/registration.ts';
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
              remedy: `the buyer: ${REMEDIES[cause].remedy}`,
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
      return [warning('buyers', `${who}: not tried`, { detail: null, remedy: cleanText(answer.words, 400) })];
  }
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
    ok('buyers', `${who}: ${worked.length === 0 ? 'nothing could be tried' : `${worked.join(', ')} work`}`, {
      detail: untried.length === 0 ? null : untried.map(({ step, words }) => `${step} ${words}`).join('; '),
    }),
  ];
}

function problem(who: string, step: string, words: string): Finding {
  const [, what, remedy] = /^(.*?)\. Remedy: (.*)$/s.exec(words) ?? [];
  if (what !== undefined && remedy !== undefined)
    return failure('buyers', `${who} ${step}: ${what}`, { remedy: `the buyer: ${remedy}` });
  const ours = words.startsWith('could not be tried');
  return warning('buyers', `${who} ${step}: ${words}`, { remedy: ours ? 'try again later' : 'ask the buyer to do so' });
}

function isBlindness(cause: string): cause is BlindCause {
  return (BLIND_CAUSES as readonly string[]).includes(cause);
}
