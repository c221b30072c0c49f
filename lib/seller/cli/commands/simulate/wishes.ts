import { CHANGE_TYPES } from '../../../../domain/check/changes.ts';
import { nameOf, wishOf } from '../../../../domain/simulation/wish.ts';
import { misuse } from '../../output/failure.ts';
import { wrapped } from '../../output/table.ts';

/** What a person wants to see, in its own spelling. */
export function namedWish(text: string): string {
  const wish = wishOf(text);
  if (wish !== undefined) return nameOf(wish);
  throw misuse(
    [
      `nothing is called ${JSON.stringify(text)}; allowed are`,
      '  reminder-30, a reminder 30 days before the end, or of another day of yours,',
      '  reminder+1, the one a day after it,',
      ...listed(CHANGE_TYPES),
    ].join('\n'),
  );
}

/** Names in lines of at most 80 columns. */
export function listed(names: readonly string[]): readonly string[] {
  return wrapped(names.join(', '), '  ');
}
