import {
  stepWords,
  selfTestWords,
  type SelfTest,
} from '../../lib/domain/registration/self-test.ts';
import type { RegistrationAttribute } from '../../lib/messages/registration.ts';

export type Attributes = Readonly<Record<RegistrationAttribute, string>>;

const NOT_TRIED = 'not tried: this stack is not watched';

/** Of a stack that stands and is not watched: why. */
export function unwatchedAttributes(words: string): Attributes {
  return {
    SelfTest: `Not watched: ${words}.`,
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
