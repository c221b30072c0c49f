import { compare } from '../../../domain/license/canonical-state.ts';
import type { Standing } from '../../../domain/license/contract.ts';
import { between, DAY, type Instant } from '../../../domain/time.ts';
import {
  FOLLOW_CONFIRMATION,
  SUBSCRIBE_AGAIN,
  TO_BE_ACTIVATED,
} from '../../../mail/aws-sentences.ts';
import { dateAndTime, dateWithDistance, duration } from '../../../mail/dates.ts';
import { GROUPS } from '../../../mail/digest-groups.ts';
import { ASK_BEFORE_THE_END } from '../../../mail/intent-words.ts';
import { capital } from '../../../mail/news/news.ts';
import { lapsedOf, type Lapsed } from './lapsed.ts';
import type { ModelView } from './model-view.ts';
import { type Ending, endings } from './pipeline.ts';
import { standingOfContract } from './words.ts';
import type { MailStanding } from '../../mail-standing.ts';
import { SILENTLY_UNWATCHED_REMEDY } from '../../unseen.ts';

/** One thing that the seller should do something about. */
export interface Concern {
  readonly buyer: number;
  /** Null: all contracts of the buyer. */
  readonly contract: number | null;
  readonly what: string;
  /** What to do; null: look at it. */
  readonly remedy: string | null;
  /** What it has in common with others of its kind; null: the kind says it all. */
  readonly cause: string | null;
  /** Null: not known. */
  readonly since: Instant | null;
}

/** Concerns with the same cause, so that one remedy is read once. */
export interface CauseGroup {
  readonly cause: string | null;
  /** The remedy of all of them; null: each has its own, or none. */
  readonly remedy: string | null;
  readonly concerns: readonly Concern[];
}

/** Groups concerns by cause, the most frequent first. */
export function byCause(concerns: readonly Concern[]): readonly CauseGroup[] {
  const groups = Map.groupBy(concerns, ({ cause }) => cause);
  return [...groups]
    .map(([cause, all]) => {
      const [first, ...others] = new Set(all.map(({ remedy }) => remedy));
      return { cause, remedy: others.length === 0 ? (first ?? null) : null, concerns: all };
    })
    .toSorted((a, b) => b.concerns.length - a.concerns.length);
}

export interface ConcernGroup {
  readonly id: 'blind' | 'would-not-start' | 'gap' | 'ends-soon' | 'ended' | 'lapsed' | 'mail';
  readonly title: string;
  readonly concerns: readonly Concern[];
}

/** Days ahead within which an end needs attention. */
const SOON = 30;

/** An end that nobody renewed stays on the list. Older ones are listed separately, so that they hide no recent one. */
const LATELY = 30 * DAY;

/** Several parts of the page ask for these, with the same contracts each time. */
const known = new WeakMap<
  readonly number[],
  { view: ModelView; groups: readonly ConcernGroup[] }
>();

/** What needs attention among these contracts, the gravest kind first. A kind without any concern is included, empty. */
export function attention(view: ModelView, contracts: readonly number[]): readonly ConcernGroup[] {
  const last = known.get(contracts);
  if (last?.view === view) return last.groups;
  const groups = attentionOf(view, contracts);
  known.set(contracts, { view, groups });
  return groups;
}

function attentionOf(view: ModelView, contracts: readonly number[]): readonly ConcernGroup[] {
  const ofBuyers = [...new Set(contracts.map((contract) => view.contract(contract).buyer))];
  const watched = contracts.filter((contract) => view.contract(contract).watchEnded === null);
  const lookedAt = watched.filter((contract) => view.contract(contract).isLookedAt);
  const lapsed = lapsedOf(view, contracts);
  const isLate = ({ since }: Lapsed): boolean =>
    since !== null && between(since, view.model.madeAt) <= LATELY;
  return [
    group(
      'blind',
      'Cannot be seen',
      watched.flatMap((contract) => blind(view, contract)),
    ),
    group(
      'would-not-start',
      'The product would not start',
      lookedAt.flatMap((contract) => wouldNotStart(view, contract)),
    ),
    group('gap', 'A time without a license, to come or now', gaps(view, watched)),
    group('ends-soon', 'Ends, or is decided, within 30 days', endsSoon(view, watched)),
    group(
      'ended',
      'Lapsed in the last 30 days, no renewal seen',
      lapsed.filter(isLate).map((each) => lapsedConcern(each, view)),
    ),
    group(
      'lapsed',
      'Lapsed longer ago, no renewal seen',
      lapsed.filter((each) => !isLate(each)).map((each) => lapsedConcern(each, view)),
    ),
    group(
      'mail',
      GROUPS['pass-on'],
      ofBuyers.flatMap((buyer) => unreached(view, buyer)),
    ),
  ];
}

function group(id: ConcernGroup['id'], title: string, concerns: readonly Concern[]): ConcernGroup {
  return { id, title, concerns };
}

function blind(view: ModelView, contract: number): readonly Concern[] {
  const { buyer, blind: how, lastSeen, isOverdue, isLookedAt, end } = view.contract(contract);
  const last = lastSeen === null ? 'never seen' : `last seen on ${dateAndTime(lastSeen)}`;
  if (!isLookedAt) {
    if (view.buyerOf(contract).status !== 'active') return [];
    const what = `Nobody looks at it any more, and its watch has not ended: ${last}. Its product is no longer in cdk.json, or retired.`;
    const cause = 'product not watched';
    return [{ buyer, contract, what, remedy: SILENTLY_UNWATCHED_REMEDY, cause, since: lastSeen }];
  }
  if (how === null) {
    if (!isOverdue) return [];
    const what = `Nobody looks at it: ${last}. This says nothing about the license itself.`;
    const remedy = '“license-watcher doctor” says what stands still.';
    return [{ buyer, contract, what, remedy, cause: 'nobody looks', since: lastSeen }];
  }
  const passed =
    end === null || end > view.model.madeAt
      ? ''
      : ` The end that is known, ${dateAndTime(end)}, has passed; whether it was renewed is not known.`;
  const ends = nearEnds(view, contract);
  const coming = ends.length === 0 ? '' : ` ${endingWords(view, ends)}.`;
  const what = `Not seen since ${dateAndTime(how.since)}, ${last} (${how.detail}). This says nothing about the license itself.${passed}${coming}`;
  return [{ buyer, contract, what, remedy: how.remedy, cause: how.cause, since: how.since }];
}

/** Standings in which a license is paid for but cannot be used, with the remedy. */
const UNUSABLE: Readonly<Partial<Record<Standing, string | null>>> = {
  'not-activated': TO_BE_ACTIVATED,
  suspended: 'Ask AWS Marketplace why.',
  deactivated: 'Ask its issuer why.',
};

function wouldNotStart(view: ModelView, contract: number): readonly Concern[] {
  const row = view.contract(contract);
  const { buyer, standing, refused, starts } = row;
  if (refused) {
    const what =
      'AWS says that the license is in force, and yet refuses a checkout that needs no seat.';
    const remedy = 'Ask AWS Marketplace why, before the buyer does.';
    return [{ buyer, contract, what, remedy, cause: 'a checkout is refused', since: null }];
  }
  if (standing === 'in-force' && starts?.answer === 'no') {
    return [
      {
        buyer,
        contract,
        what: `${capital(starts.reason)}.`,
        ...{ remedy: null, cause: 'what it needs is not in the license', since: null },
      },
    ];
  }
  const remedy = standing === null ? undefined : UNUSABLE[standing];
  if (remedy === undefined) return [];
  const words = standingOfContract(row);
  return [{ buyer, contract, what: `The license is ${words}.`, remedy, cause: words, since: null }];
}

/** Leaves out what renews by itself, which asks for nothing. */
function nearEnds(view: ModelView, contract: number): readonly Ending[] {
  return endings(view, [contract], SOON).filter(({ risk }) => risk !== 'renews');
}

/**
 * Each contract once, whatever part ends, by what AWS says of its first end. If it cannot be seen, the line that says so tells its ends.
 */
function endsSoon(view: ModelView, contracts: readonly number[]): readonly Concern[] {
  return contracts
    .filter((contract) => view.contract(contract).blind === null)
    .flatMap((contract) => {
      const ends = nearEnds(view, contract).filter(
        ({ at }) => at !== view.contract(contract).gap?.from,
      );
      const [first] = ends;
      if (first === undefined) return [];
      const isLost = first.risk === 'will-not';
      return [
        {
          at: first.at,
          buyer: view.contract(contract).buyer,
          contract,
          what: `${endingWords(view, ends)}${doubt(view, contract)}.`,
          cause: isLost ? 'will not renew' : 'whether it renews is not known',
          remedy: ASK_BEFORE_THE_END[isLost ? 'will-not' : 'undecided'],
          since: null,
        },
      ];
    })
    .toSorted((a, b) => compare(a.at, b.at) || a.contract - b.contract);
}

/** Without a full stop at the end. */
function endingWords(view: ModelView, ends: readonly Ending[]): string {
  const { madeAt } = view.model;
  return ends
    .map(({ contract, at, share, decideBy }) => {
      const verb = isSeen(view, contract) ? 'ends' : 'was to end';
      const what = share === null ? `The current term ${verb}` : `Part of it ${verb} (${share}):`;
      const until =
        decideBy === null || decideBy <= madeAt
          ? ''
          : `; either side can change whether it renews until ${dateWithDistance(decideBy, madeAt)}`;
      return `${what} ${dateWithDistance(at, madeAt)}${until}`;
    })
    .join('. ');
}

const PLAIN = { remedy: null, cause: null, since: null } as const;

function isSeen(view: ModelView, contract: number): boolean {
  const { blind: unseen, isLookedAt, isOverdue } = view.contract(contract);
  return unseen === null && isLookedAt && !isOverdue;
}

/** When it was last seen, if nobody can say that it still is so; else empty. */
function doubt(view: ModelView, contract: number): string {
  const { lastSeen } = view.contract(contract);
  return isSeen(view, contract) || lastSeen === null
    ? ''
    : `; last seen on ${dateAndTime(lastSeen)}`;
}

/** Gaps by the dates of the licenses; for a contract that nobody can see, by the dates last seen. */
function gaps(view: ModelView, contracts: readonly number[]): readonly Concern[] {
  const { madeAt } = view.model;
  return contracts
    .flatMap((contract): readonly { contract: number; from: Instant | null; to: Instant }[] => {
      const { gap, standing, begins } = view.contract(contract);
      if (gap !== null) return [{ contract, ...gap }];
      const isNow =
        standing === 'upcoming' && begins !== null && begins > madeAt && hasRun(view, contract);
      return isNow ? [{ contract, from: null, to: begins }] : [];
    })
    .toSorted((a, b) => compare(a.from ?? '', b.from ?? '') || compare(a.to, b.to))
    .map(({ contract, from, to }) => {
      const what =
        from === null
          ? `No license is in force until ${dateWithDistance(to, madeAt)}`
          : `No license is in force from ${dateWithDistance(from, madeAt)}, to ${dateAndTime(to)} (${duration(between(from, to))})`;
      const remedy = `Offer the buyer a term that closes the gap, or ${from === null ? 'tell' : 'warn'} them.`;
      return {
        buyer: view.contract(contract).buyer,
        contract,
        what: `${what}${doubt(view, contract)}.`,
        ...PLAIN,
        remedy,
      };
    });
}

function hasRun(view: ModelView, contract: number): boolean {
  const { stoodBefore } = view.contract(contract);
  const entries = view.entriesOfContract[contract] ?? [];
  return (
    stoodBefore === 'in-force' || entries.some((entry) => view.standingOf(entry) === 'in-force')
  );
}

const LAPSED_WORDS: Readonly<Partial<Record<Standing, string>>> = {
  ended: 'The term has ended',
  canceled: 'The license is canceled',
  none: 'No license is listed any more',
};

function lapsedConcern({ contract, since }: Lapsed, view: ModelView): Concern {
  const { buyer, standing, watchEnded, isLookedAt } = view.contract(contract);
  const { madeAt, since: begin } = view.model;
  const { account } = view.buyerOf(contract);
  const productId = view.model.products[view.contract(contract).product]?.id ?? '';
  const when =
    since === null
      ? `since before ${dateAndTime(begin)}`
      : `since ${dateWithDistance(since, madeAt)}`;
  const unseen =
    watchEnded !== null
      ? ` The watch ended on ${dateAndTime(watchEnded)}: a renewal since would not be seen.`
      : isLookedAt
        ? ''
        : ' The product is retired, or no longer in cdk.json: nobody looks any more.';
  return {
    buyer,
    contract,
    ...{ cause: null, since },
    what: `${standing === null ? '' : (LAPSED_WORDS[standing] ?? '')}, ${when}.${unseen} If it is not to be renewed, it leaves this list with: license-watcher dismiss ${account} ${productId}`,
    remedy:
      'Ask the buyer whether it is to be renewed. A buyer who is to have nothing more of you: license-watcher revoke <account>',
  };
}

function unreached(view: ModelView, buyer: number): readonly Concern[] {
  const row = view.model.buyers[buyer];
  if (row?.status !== 'active') return [];
  const { mail } = row;
  const unread = UNREAD[mail.kind];
  if (unread === undefined || !('since' in mail)) return [];
  const what = `${unread.what} ${dateAndTime(mail.since)}${mail.kind === 'refused' ? `: ${mail.reason}` : ''}.`;
  const { cause, remedy } = unread;
  return [{ buyer, contract: null, what, remedy, cause, since: mail.since }];
}

const UNREAD: Readonly<
  Partial<
    Record<
      MailStanding['kind'],
      { readonly cause: string; readonly what: string; readonly remedy: string }
    >
  >
> = {
  unconfirmed: {
    cause: 'no subscription of the notice topic is confirmed',
    what: 'Notices wait since',
    remedy: `Ask the buyer to ${FOLLOW_CONFIRMATION}.`,
  },
  gone: {
    cause: 'nobody reads the notice topic any more: whoever had confirmed has unsubscribed',
    what: 'As seen on',
    remedy: `Ask the buyer to ${SUBSCRIBE_AGAIN}.`,
  },
  refused: {
    cause: 'the notice topic of the buyer refuses what is sent',
    what: 'Refused on',
    remedy:
      'Ask the buyer to delete the License Watcher stack and to create it again with the same parameters.',
  },
};
