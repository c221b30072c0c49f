import type { Product } from '../license/product.ts';

/** What the self-test of a registration tries, in this order. */
const SELF_TEST_STEPS = [
  'ListLicenses',
  'GetLicense',
  'Checkout',
  'CheckIn',
  'Usage',
  'Topic',
] as const;
export type SelfTestStep = (typeof SELF_TEST_STEPS)[number];

export type StepResult =
  | { readonly kind: 'ok' }
  /** No result: there was nothing to try it on, the buyer declined, or AWS had trouble. `words` are one sentence. */
  | { readonly kind: 'open'; readonly words: string }
  /** A problem that only the buyer can fix. */
  | { readonly kind: 'problem'; readonly what: string; readonly remedy: string };

export type SelfTest = Readonly<Record<SelfTestStep, StepResult>>;

/** The result of a step for the outputs of the buyer's stack: `ok`, or a sentence. */
export function stepWords(finding: StepResult): string {
  switch (finding.kind) {
    case 'ok':
      return 'ok';
    case 'open':
      return finding.words;
    case 'problem':
      return `${finding.what}. Remedy: ${finding.remedy}`;
  }
}

/** Why nothing is tried on the licenses of a buyer whose products are all retired, or no longer in the settings. */
export const WATCHES_NOTHING = 'the seller watches no product of yours';

/**
 * The whole self-test in one line: `ok` if there is no problem, else every problem with its remedy. That all works is not well if nobody
 * looks at any license.
 */
export function selfTestWords(test: SelfTest): string {
  const problems = SELF_TEST_STEPS.filter((step) => test[step].kind === 'problem');
  const words = problems.map((step) => `${step}: ${stepWords(test[step])}.`);
  const isUnwatched = stepWords(test.ListLicenses).endsWith(WATCHES_NOTHING);
  const all = isUnwatched ? [`${UNWATCHED_WORDS}.`, ...words] : words;
  return all.length === 0 ? 'ok' : all.join(' ');
}

const UNWATCHED_WORDS = `No license is looked at: ${WATCHES_NOTHING}. Remedy: ask the seller`;

/** The answer with `secret` replaced in every text in it, because AWS quotes what it finds malformed. */
export function withoutSecret<T>(answer: T, secret: string): T {
  return JSON.parse(JSON.stringify(answer), (_, value: unknown) =>
    typeof value === 'string' ? value.replaceAll(secret, '(ExternalId)') : value,
  ) as T;
}

/** What the self-test is tried on. */
export interface SelfTestSubject {
  readonly buyerAccountId: string;
  readonly products: readonly Product[];
  readonly noticeTopicArn: string;
  readonly probe: boolean;
  readonly shareUsage: boolean;
  /** False: the buyer made role and topic without our stack, and has none to delete or to update. */
  readonly hasStack: boolean;
  /** Part of the client token of the probe: a redelivery repeats it. */
  readonly checkId: string;
}
