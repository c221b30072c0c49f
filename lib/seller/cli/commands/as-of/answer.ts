import type { AsOf, Possible, Visibility } from '../../../ledger/as-of.ts';
import { endOf } from '../../../../domain/license/canonical-state.ts';
import {
  type CanonicalState,
  type ContractKey,
  contractOf,
  type Standing,
} from '../../../../domain/license/contract.ts';
import type { Dimensions } from '../../../../domain/license/product.ts';
import type { Instant } from '../../../../domain/time.ts';
import { cleanText } from '../../../../domain/outside-text.ts';
import { endWords } from '../../../../mail/dates.ts';
import { STANDING_WORDS } from '../../../../mail/news/news.ts';
import { knownPurchase, purchaseInFull } from '../../../../mail/amounts.ts';
import type { Io } from '../../io.ts';
import { entryForm } from '../../output/entry-form.ts';
import { timeText } from '../../output/moment.ts';
import { fact, wrapped } from '../../output/text.ts';
import { titleOf } from '../../../ledger/entry-news.ts';

export interface AsOfAnswer extends AsOf {
  readonly contract: ContractKey;
  /** Keys of entries that could not be read: what they say is missing in the answer. */
  readonly unreadable: readonly string[];
  /** Null: the ledger is empty. */
  readonly firstObserved: Instant | null;
}

export function answerLines(answer: AsOfAnswer, at: Instant, io: Io): readonly string[] {
  const { buyerAccountId, productId } = contractOf(answer.contract);
  const { unreadable } = answer;
  return [
    io.bold(`${buyerAccountId}  ${cleanText(productId)}  as of ${timeText(at)}`),
    '',
    'Known at that time',
    ...knownLines(answer, at),
    '',
    'In force at that time, as known today',
    ...inForceLines(answer, at),
    ...wrapped(
      unreadable.length === 0
        ? null
        : `This version cannot read these entries and leaves them out: ${unreadable.join(', ')}.`,
      '  ',
    ).map(io.alarming),
  ];
}

/** What the seller said about the dimensions: as of the entry known then, and for what was learned later as of that entry. */
function dimensionsOf({ known, inForce }: AsOf): Dimensions {
  return { ...inForce.learned?.dimensions, ...known?.entry.dimensions };
}

function knownLines(answer: AsOfAnswer, at: Instant): readonly string[] {
  const { known, firstObserved } = answer;
  if (known === null) {
    const since = firstObserved === null ? 'to this day' : `before ${timeText(firstObserved)}`;
    return wrapped(`Nothing: nothing was recorded ${since}.`, '  ');
  }
  const { entry, visibility: sight, byDates } = known;
  return [
    ...termLines(entry.standing, entry.after, at, dimensionsOf(answer)),
    ...(entry.usage === null
      ? []
      : purchaseInFull(entry.after, entry.usage, at, entry.dimensions ?? {})
    ).flatMap((words) => fact('usage', words)),
    ...fact('verdict', entry.verdict),
    ...fact('recorded', `entry ${entry.entry}, ${timeText(entry.observedAt)}: ${titleOf(entry)}`),
    ...fact(
      'by dates',
      byDates === entry.standing
        ? null
        : `${STANDING_WORDS[byDates]}: its dates said so, but it was not recorded yet`,
    ),
    ...fact('watch', SIGHT_WORDS[sight]),
  ];
}

function inForceLines(answer: AsOfAnswer, at: Instant): readonly string[] {
  const { inForce, firstObserved } = answer;
  if (firstObserved === null) return wrapped('Nothing is known: the ledger is empty.', '  ');
  const { possible, between, learned, visibility: sight } = inForce;
  return [
    ...possible.flatMap((each, index) => [
      ...(index === 0 ? [] : ['  or']),
      ...termLines(each.standing, each.state, at, dimensionsOf(answer)),
    ]),
    ...fact(
      'why or',
      between &&
        `it changed between ${between.after === null ? 'the beginning' : timeText(between.after)} and ${timeText(between.by)}; AWS does not say when`,
    ),
    ...fact(
      'learned',
      learned === null
        ? 'nothing recorded later contradicts this'
        : `later, by entry ${learned.entry}, ${timeText(learned.observedAt)}: ${titleOf(learned)}`,
    ),
    ...fact('watch', SIGHT_WORDS[sight]),
  ];
}

function termLines(
  standing: Standing,
  state: CanonicalState,
  at: Instant,
  dimensions: Dimensions,
): readonly string[] {
  const until = state.length === 0 ? '' : `; end of its term: ${endWords(endOf(state))}`;
  return [
    ...fact('standing', `${STANDING_WORDS[standing]}${until}`),
    ...purchaseInFull(state, null, at, dimensions).flatMap((bought) => fact('bought', bought)),
  ];
}

const SIGHT_WORDS: Readonly<Record<Visibility, string | null>> = {
  watched: null,
  'before-the-watch':
    'nobody had looked yet: this follows from the dates that the first look found',
  blind: 'nobody could see the license at that time',
  ended: 'the watch had ended: nobody was looking any more, so only the dates are known',
};

/** Members are added, never renamed or removed. */
export function machineForm(answer: AsOfAnswer, at: Instant) {
  const { contract, known, inForce, unreadable, firstObserved } = answer;
  const dimensions = dimensionsOf(answer);
  const { buyerAccountId, productId } = contractOf(contract);
  return {
    account: buyerAccountId,
    product: productId,
    at,
    firstObserved,
    known:
      known === null
        ? null
        : {
            ...possibleForm(
              { standing: known.entry.standing, state: known.entry.after },
              at,
              dimensions,
            ),
            standingByDates: known.byDates,
            visibility: known.visibility,
            entry: entryForm(known.entry),
          },
    inForce:
      firstObserved === null
        ? null
        : {
            possible: inForce.possible.map((each) => possibleForm(each, at, dimensions)),
            between: inForce.between,
            visibility: inForce.visibility,
            learned: inForce.learned === null ? null : entryForm(inForce.learned),
          },
    unreadable,
  };
}

function possibleForm({ standing, state }: Possible, at: Instant, dimensions: Dimensions) {
  return { standing, end: endOf(state), ...knownPurchase(state, at, dimensions), licenses: state };
}
