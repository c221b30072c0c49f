import {
  stepWords,
  selfTestWords,
  type SelfTest,
} from '../../lib/domain/registration/self-test.ts';
import type { RegistrationAttribute } from '../../lib/messages/registration.ts';
import { MINUTE } from '../../lib/domain/time.ts';

/** What is to become of a request: an answer for CloudFormation, or another look in a while. */
export type Verdict =
  | {
      readonly kind: 'answer';
      readonly status: 'SUCCESS' | 'FAILED';
      readonly reason: string;
      readonly data: Readonly<Record<string, string>>;
      /** Null: nothing follows. */
      readonly effect: Effect | null;
    }
  | { readonly kind: 'later'; readonly reason: string };

/**
 * What a request changes, once CloudFormation took the answer: only its bucket knows a signature from a made-up one, and everything else
 * in a request may be known to others. Done twice, it has been done once. `again`: somebody else was first, the request comes again.
 */
export type Effect = () => Promise<'done' | 'again'>;

export function success(
  reason: string,
  data: Readonly<Record<string, string>> = {},
  effect: Effect | null = null,
): Extract<Verdict, { kind: 'answer' }> {
  return { kind: 'answer', status: 'SUCCESS', reason, data, effect };
}

/** `reason` is for the owner of the stack. */
export function failed(reason: string): Verdict {
  return {
    kind: 'answer',
    status: 'FAILED',
    reason: `License Watcher: ${reason}`,
    data: {},
    effect: null,
  };
}

export type Attributes = Readonly<Record<RegistrationAttribute, string>>;

const NOT_TRIED = 'not tried: this deployment is not registered';

/** Of a stack that stands: why this deployment of it does not count. What an earlier one registered stays as it is. */
export function unregisteredAttributes(words: string): Attributes {
  return {
    SelfTest: `Not registered: ${words}.`,
    ListLicenses: NOT_TRIED,
    GetLicense: NOT_TRIED,
    Checkout: NOT_TRIED,
    CheckIn: NOT_TRIED,
    Usage: NOT_TRIED,
    Topic: NOT_TRIED,
  };
}

/** Each `ok` or a sentence: what the outputs of a buyer's stack say. */
export function attributesOf(test: SelfTest): Attributes {
  return {
    SelfTest: selfTestWords(test),
    ListLicenses: stepWords(test.ListLicenses),
    GetLicense: stepWords(test.GetLicense),
    Checkout: stepWords(test.Checkout),
    CheckIn: stepWords(test.CheckIn),
    Usage: stepWords(test.Usage),
    Topic: stepWords(test.Topic),
  };
}

/**
 * For how long after it was sent a request is looked at again, in milliseconds. A fresh role takes time to be assumable
 * everywhere, a deleted one to be so nowhere (IAM is eventually consistent). Every wait is one receive of the message: the
 * queue must allow 10, and CloudFormation waits for 300 seconds.
 */
export const TIME_LIMITS = { blind: 1.5 * MINUTE, trouble: 2 * MINUTE } as const;

/** Between two looks. */
export const RETRY_SECONDS = 15;
