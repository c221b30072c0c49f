import type { Standing } from '../../domain/contract.ts';
import { between, DAY, type Instant } from '../../domain/time.ts';
import { FOLLOW_CONFIRMATION, TO_BE_ACTIVATED } from '../../domain/words/aws-sentences.ts';
import { dateAndTime, dateWithDistance } from '../../domain/words/dates.ts';
import type { ModelView } from './model-view.ts';
import { endings } from './pipeline.ts';
import { standingOfContract, standingWords } from './words.ts';

/** One thing that somebody should do something about. */
export interface Concern {
  readonly buyer: number;
  /** Null: all that the buyer has. */
  readonly contract: number | null;
  readonly what: string;
  /** What to do; null: look at it. */
  readonly remedy: string | null;
}

export interface ConcernGroup {
  readonly id: 'blind' | 'would-not-start' | 'ends-soon' | 'ended' | 'mail';
  readonly title: string;
  readonly concerns: readonly Concern[];
}

/** How long an end that nobody renewed is worth a word. */
const LATELY = 30 * DAY;

/** What needs attention among these contracts, the gravest kind first; kinds of which there is none are there, and empty. */
export function attention(view: ModelView, contracts: readonly number[]): readonly ConcernGroup[] {
  const ofBuyers = [...new Set(contracts.map((contract) => view.contract(contract).buyer))];
  const watched = contracts.filter((contract) => view.contract(contract).watchEnded === null);
  const lookedAt = watched.filter((contract) => view.contract(contract).isLookedAt);
  return [
    group(
      'blind',
      'Cannot be seen',
      lookedAt.flatMap((contract) => blind(view, contract)),
    ),
    group(
      'would-not-start',
      'The product would not start',
      lookedAt.flatMap((contract) => wouldNotStart(view, contract)),
    ),
    group('ends-soon', 'Ends within 30 days', endsSoon(view, watched)),
    group(
      'ended',
      'Ended in the last 30 days, no renewal seen',
      watched.flatMap((contract) => endedLately(view, contract)),
    ),
    group(
      'mail',
      'Mail does not reach the buyer',
      ofBuyers.flatMap((buyer) => unreached(view, buyer)),
    ),
  ];
}

function group(id: ConcernGroup['id'], title: string, concerns: readonly Concern[]): ConcernGroup {
  return { id, title, concerns };
}

function blind(view: ModelView, contract: number): readonly Concern[] {
  const { buyer, blind: how, confirmed, end } = view.contract(contract);
  if (how === null) return [];
  const last = confirmed === null ? 'never seen' : `last confirmed on ${dateAndTime(confirmed)}`;
  const passed =
    end === null || end > view.model.madeAt
      ? ''
      : ` The end that is known, ${dateAndTime(end)}, has passed; whether it was renewed is not known.`;
  const what = `Not seen since ${dateAndTime(how.since)}, ${last}: ${how.cause} (${how.detail}). This says nothing about the license itself.${passed}`;
  return [{ buyer, contract, what, remedy: how.remedy }];
}

/** Paid for, and not to be used. */
const UNUSABLE: Readonly<Partial<Record<Standing, string | null>>> = {
  'not-activated': TO_BE_ACTIVATED,
  suspended: 'Ask AWS Marketplace why.',
  deactivated: 'Ask its issuer why.',
};

function wouldNotStart(view: ModelView, contract: number): readonly Concern[] {
  const row = view.contract(contract);
  const { buyer, standing, refused, starts } = row;
  if (refused) {
    const what = 'AWS says that the license is in force, and yet refuses a checkout that needs no seat.';
    return [{ buyer, contract, what, remedy: 'Ask AWS Marketplace why, before the buyer does.' }];
  }
  if (standing === 'in-force' && starts?.answer === 'no') {
    return [{ buyer, contract, what: `${starts.reason[0]?.toUpperCase()}${starts.reason.slice(1)}.`, remedy: null }];
  }
  const remedy = standing === null ? undefined : UNUSABLE[standing];
  if (remedy === undefined) return [];
  return [{ buyer, contract, what: `The license is ${standingOfContract(row)}.`, remedy }];
}

function endsSoon(view: ModelView, contracts: readonly number[]): readonly Concern[] {
  return endings(view, contracts, 30).map(({ contract, at, share }) => {
    const { buyer, blind: unseen, confirmed, isLookedAt } = view.contract(contract);
    const what = share === null ? 'The current term ends' : `Part of it ends (${share}):`;
    const doubt =
      (unseen === null && isLookedAt) || confirmed === null ? '' : `; last confirmed on ${dateAndTime(confirmed)}`;
    return { buyer, contract, what: `${what} ${dateWithDistance(at, view.model.madeAt)}${doubt}.`, remedy: null };
  });
}

const OVER: readonly Standing[] = ['ended', 'canceled', 'none'];

/** By the word of the ledger: a contract that cannot be seen did not end for all we know. */
function endedLately(view: ModelView, contract: number): readonly Concern[] {
  const { buyer, standing, blind: unseen } = view.contract(contract);
  if (standing === null || unseen !== null || !OVER.includes(standing)) return [];
  const since = standingSince(view, contract);
  if (since === null || between(since, view.model.madeAt) > LATELY) return [];
  const what = `${standing === 'none' ? 'No license is listed any more' : `The license is ${standingWords(standing)}`} since ${dateAndTime(since)}.`;
  return [{ buyer, contract, what, remedy: null }];
}

/** When it came to stand as it does; null: before the history of this report begins, or from the first look on. */
function standingSince(view: ModelView, contract: number): Instant | null {
  const entries = view.entriesOfContract[contract] ?? [];
  const now = view.contract(contract).standing;
  const last = entries.findLastIndex((entry) => view.standingOf(entry) !== now);
  const [first] = entries;
  const begun = last >= 0 || (first !== undefined && view.contract(contract).stoodBefore !== null);
  const turn = entries[last + 1];
  return !begun || turn === undefined ? null : view.happenedAt(turn);
}

function unreached(view: ModelView, buyer: number): readonly Concern[] {
  const row = view.model.buyers[buyer];
  if (row?.status !== 'active') return [];
  const { mail } = row;
  if (mail.kind === 'unconfirmed') {
    return [
      {
        buyer,
        contract: null,
        what: `Nobody has confirmed the subscription of notices; they wait since ${dateAndTime(mail.since)}.`,
        remedy: `Ask the buyer to ${FOLLOW_CONFIRMATION}.`,
      },
    ];
  }
  if (mail.kind === 'refused') {
    const what = `The notice topic of the buyer refused what was sent on ${dateAndTime(mail.since)}: ${mail.reason}.`;
    return [
      {
        buyer,
        contract: null,
        what,
        remedy: 'Ask the buyer to delete the License Watcher stack and to create it again with the same parameters.',
      },
    ];
  }
  return [];
}
