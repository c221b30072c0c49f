import * as z from 'zod';
import { isPlain } from '../../domain/outside-text.ts';

/** A text field: whatever is wrong with it, one sentence says what is allowed. */
export function text(allowed: string, isAllowed: (text: string) => boolean) {
  return z.string({ error: allowed }).refine(isAllowed, { error: allowed });
}

/** A number without fraction. */
export function wholeNumber(allowed: string, isAllowed: (value: number) => boolean) {
  return z
    .number({ error: allowed })
    .refine((value) => Number.isInteger(value) && isAllowed(value), { error: allowed });
}

export function oneOf<const Words extends readonly string[]>(words: Words, remedy: string) {
  return z.enum(words, {
    error: `${words.slice(0, -1).join(', ')} or ${words.at(-1) ?? ''}. ${remedy}`,
  });
}

export const PLAIN =
  'with a letter or digit, without line breaks, control characters, spaces around it or anything else that cannot be seen';

export const PLAIN_IN_TEMPLATE = `${PLAIN}, and without \${, #{ and {{, which CDK and CloudFormation take for something to fill in`;

/** True for a plain text that stands in a template as it is. CDK fails on what looks like its tokens, CloudFormation resolves `{{resolve:...}}`. */
export function isPlainInTemplate(value: string, most: number): boolean {
  return isPlain(value, most) && !/[$#]\{|\{\{/.test(value);
}

const EMAIL =
  /^[\w.!#$%&*+/=?^`{|}~-]+@[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)+$/;

/** One plain address, as SNS takes it. */
export function email(whoReads: string) {
  const allowed = `one e-mail address like licenses@example.com, or null. ${whoReads}`;
  return text(allowed, (address) => address.length <= 254 && EMAIL.test(address))
    .nullable()
    .default(null);
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** For checks over several fields: they run even if some of the fields are wrong, so that all problems are told at once. */
export const WHEREVER_A_RECORD = {
  when: ({ value }: { readonly value: unknown }) => isRecord(value),
};

/** `license-watcher.products[0].tiers[1]`; without a root, `products[0].tiers[1]`. */
export function pathText(path: readonly PropertyKey[], root = ''): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    return text === '' ? String(step) : `${text}.${String(step)}`;
  }, root);
}
