import {
  stepWords,
  selfTestWords,
  type SelfTest,
} from '../../lib/domain/registration/self-test.ts';
import type { RegistrationAttribute } from '../../lib/messages/registration.ts';
import { MINUTE } from '../../lib/domain/time.ts';

/** The result for a request: an answer for CloudFormation, or another look later. */
export type RequestResult =
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
 * What a request changes, performed after CloudFormation took the answer: only CloudFormation's bucket can tell a real signature from a
 * made-up one, and everything else in a request may be known to others. Performing it twice is the same as once. `again`: somebody else was
 * first, and the request must come again.
 */
export type Effect = () => Promise<'done' | 'again'>;

export function success(
  reason: string,
  data: Readonly<Record<string, string>> = {},
  effect: Effect | null = null,
): Extract<RequestResult, { kind: 'answer' }> {
  return { kind: 'answer', status: 'SUCCESS', reason, data, effect };
}

/** `reason` is for the owner of the stack. */
export function failed(reason: string): RequestResult {
  return {
    kind: 'answer',
    status: 'FAILED',
    reason: `License Watcher: ${reason}`,
    data: {},
    effect: null,
  };
}

export type StackAttributes = Readonly<Record<RegistrationAttribute, string>>;

const NOT_TRIED = 'not tried: this deployment is not registered';

/** The outputs of a stack that stays deployed: why this deployment of it does not count. What an earlier one registered stays as it is. */
export function unregisteredAttributes(words: string): StackAttributes {
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

/** The outputs of a buyer's stack: each is `ok` or a sentence. */
export function attributesOf(test: SelfTest): StackAttributes {
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
 * How long after it was sent a request is still looked at again, in milliseconds. A new role takes time to become assumable everywhere, and
 * a deleted one to stop being so (IAM is eventually consistent). Every wait is one receive of the message: the queue must allow 10, and
 * CloudFormation waits for 300 seconds.
 */
export const TIME_LIMITS = { blind: 1.5 * MINUTE, trouble: 2 * MINUTE } as const;

/** Seconds between two looks at a request. */
export const RETRY_SECONDS = 15;
