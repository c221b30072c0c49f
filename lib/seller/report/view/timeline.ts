import type { Standing } from '../../../domain/license/contract.ts';
import type { Instant } from '../../../domain/time.ts';
import type { NewsType } from '../model-shape.ts';
import type { ModelView } from './model-view.ts';
import { differenceWords, newsWords, UNNAMED } from './words.ts';

interface Span {
  readonly from: Instant;
  readonly to: Instant;
}

interface StandingSpan extends Span {
  readonly standing: Standing;
}

/** An entitlement version on the line. */
interface Mark {
  readonly at: Instant;
  readonly sign: Sign;
  readonly words: string;
}

export type Sign = 'version' | 'renewed' | 'upgraded' | 'downgraded' | 'over' | 'doubt';

const SIGNS: Readonly<Partial<Record<NewsType, Sign>>> = {
  LicenseRenewed: 'renewed',
  LicenseUpgraded: 'upgraded',
  LicenseDowngraded: 'downgraded',
  LicenseExpired: 'over',
  LicenseCanceled: 'over',
  LicenseRemoved: 'over',
  CheckoutRefused: 'doubt',
  WatchLost: 'doubt',
};

export interface Line {
  readonly contract: number;
  readonly standings: readonly StandingSpan[];
  /** When the watcher could not see it, or nobody looked because the watch had ended. */
  readonly unseen: readonly Span[];
  readonly marks: readonly Mark[];
  /** From now to the known end; null: none is known. */
  readonly ahead: Span | null;
}

/** One contract from the beginning of the report to its end. Reminders are left out, as they are no versions. */
export function lineOf(view: ModelView, contract: number): Line {
  const { since, madeAt } = view.model;
  const { watchStarted, watchEnded, ends } = view.contract(contract);
  const entries = view.entriesOfContract[contract] ?? [];
  const until = watchEnded ?? madeAt;
  const begin = watchStarted === null || watchStarted < since ? since : watchStarted;
  const versions = entries.filter((entry) => !isReminder(view, entry));
  const end = ends.at(-1)?.at;
  return {
    contract,
    standings: standingsOf(view, contract, { from: begin, to: until }),
    unseen: unseenSpans(view, entries, until),
    marks: versions.flatMap((entry) => marksOf(view, entry)),
    ahead: end === undefined ? null : { from: madeAt, to: end },
  };
}

/** True if the entry only reminds. An entry without news is a version in which nothing differs that has a name. */
function isReminder(view: ModelView, entry: number): boolean {
  const news = view.newsOf(entry);
  return news.length > 0 && news.every(({ type }) => type === 'Reminder');
}

function standingsOf(
  view: ModelView,
  contract: number,
  { from, to }: Span,
): readonly StandingSpan[] {
  const { standing: now, stoodBefore } = view.contract(contract);
  const entries = view.entriesOfContract[contract] ?? [];
  const turns: { at: Instant; standing: Standing }[] = [];
  const first = entries.length === 0 ? now : stoodBefore;
  if (first !== null) turns.push({ at: from, standing: first });
  for (const entry of entries) {
    const standing = view.standingOf(entry);
    if (turns.at(-1)?.standing === standing) continue;
    // A renewal that was seen late begins when AWS says, but not before what came before it.
    const at = [view.happenedAt(entry), turns.at(-1)?.at ?? from].toSorted().at(-1) ?? from;
    turns.push({ at, standing });
  }
  return turns
    .map(({ at, standing }, index) => ({ from: at, to: turns[index + 1]?.at ?? to, standing }))
    .filter((span) => span.from < span.to);
}

function unseenSpans(view: ModelView, entries: readonly number[], until: Instant): readonly Span[] {
  const spans: Span[] = [];
  let lost: Instant | null = null;
  for (const entry of entries) {
    const types = view.newsOf(entry).map(({ type }) => type);
    if (
      lost !== null &&
      types.some((type) => type === 'WatchRestored' || type === 'WatchStarted')
    ) {
      spans.push({ from: lost, to: view.observedAt(entry) });
      lost = null;
    }
    if (types.some((type) => type === 'WatchLost' || type === 'WatchEnded'))
      lost ??= view.observedAt(entry);
  }
  return lost === null || lost >= until ? spans : [...spans, { from: lost, to: until }];
}

function marksOf(view: ModelView, entry: number): readonly Mark[] {
  const news = view.newsOf(entry).filter(({ type }) => type !== 'Reminder');
  const words = news
    .map((each) =>
      [newsWords(each.type), differenceWords(each)].filter((text) => text !== '').join(': '),
    )
    .join('; ');
  if (news.length === 0) return [{ at: view.happenedAt(entry), sign: 'version', words: UNNAMED }];
  const signs = new Set(news.map(({ type }) => SIGNS[type] ?? 'version'));
  // An entry that has a sign of its own needs no plain one beside it.
  if (signs.size > 1) signs.delete('version');
  return [...signs].map((sign) => ({ at: view.happenedAt(entry), sign, words }));
}
