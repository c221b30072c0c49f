import { misuse } from './failure.ts';
import { allQuoted, quoted } from '../../../domain/outside-text.ts';

/** Each of `given` as it is spelled in `allowed`, once; letters may be small or capital. `what` names it in an error. */
export function choicesOf<Choice extends string>(
  given: readonly string[],
  allowed: readonly Choice[],
  what: string,
): readonly Choice[] {
  const found = given.map((text) =>
    allowed.find((each) => each.toLowerCase() === text.toLowerCase()),
  );
  const unknown = given.filter((_text, index) => found[index] === undefined);
  if (unknown.length === 0) return [...new Set(found.filter((each) => each !== undefined))];
  throw misuse(`${what} is ${allQuoted(unknown)}; expected one of ${allowed.join(', ')}`);
}

/** A whole number from 1 on. */
export function countOf(text: string, what: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw misuse(`${what} is ${quoted(text)}; expected a number from 1 on, like 20`);
}
