import { misuse } from './failure.ts';

/** An AWS account ID as a person typed it. */
export function accountIdOf(text: string): string {
  if (/^\d{12}$/.test(text)) return text;
  throw misuse(
    `the account is ${JSON.stringify(text)}; expected the 12 digits of an AWS account ID, without dashes or spaces: ask the buyer for the account that accepted your offer`,
  );
}
