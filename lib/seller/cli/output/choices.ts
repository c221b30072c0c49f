import { misuse } from './failure.ts';
import { allQuoted, quoted } from '../../../domain/outside-text.ts';
import { collect } from '../command.ts';

/** Parses an option called `name` that may be repeated or hold commas: each choice once, as spelled in `allowed`, in any case. */
export function choicesOf<Choice extends string>(allowed: readonly Choice[], name: string) {
  return (text: string, before: readonly Choice[] = []): readonly Choice[] => {
    const find = (given: string) =>
      allowed.find((each) => each.toLowerCase() === given.toLowerCase());
    const given = collect(text);
    const unknown = given.filter((each) => find(each) === undefined);
    if (unknown.length > 0)
      throw misuse(`${name} is ${allQuoted(unknown)}; expected one of ${allowed.join(', ')}`);
    return [...new Set([...before, ...given.flatMap((each) => find(each) ?? [])])];
  };
}

/** Reads a whole number, at least 1. `what` names it in the error. */
export function countOf(text: string, what: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw misuse(`${what} is ${quoted(text)}; expected a number from 1 on, like 20`);
}
