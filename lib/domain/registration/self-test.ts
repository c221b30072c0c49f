/** What the self-test of a registration tries, in the order in which it does. */
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
  /** Neither well nor ill: nothing to try it on, the buyer said no, AWS had trouble. In one sentence. */
  | { readonly kind: 'open'; readonly words: string }
  /** Only the buyer can mend it. */
  | { readonly kind: 'problem'; readonly what: string; readonly remedy: string };

export type SelfTest = Readonly<Record<SelfTestStep, StepResult>>;

/** `ok`, or a sentence for the outputs of the buyer's stack. */
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

/** The whole in one line: `ok` where nothing is wrong, else every problem with its remedy. */
export function selfTestWords(test: SelfTest): string {
  const problems = SELF_TEST_STEPS.filter((step) => test[step].kind === 'problem');
  return problems.length === 0
    ? 'ok'
    : problems.map((step) => `${step}: ${stepWords(test[step])}.`).join(' ');
}

/** The same with `secret` blotted out of every text in it: AWS quotes what it finds malformed. */
export function withoutSecret<T>(answer: T, secret: string): T {
  return JSON.parse(JSON.stringify(answer), (_, value: unknown) =>
    typeof value === 'string' ? value.replaceAll(secret, '(ExternalId)') : value,
  ) as T;
}
