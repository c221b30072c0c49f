import { endOf } from '../../domain/license/canonical-state.ts';
import type { Change } from '../../domain/check/changes.ts';
import { gravestOf } from '../../domain/notice/delivery.ts';
import type { Reminder, SealedEntry } from '../../domain/ledger/ledger.ts';
import type { Audience, Severity } from '../../domain/notice/notice.ts';
import { dateOf, endsOf } from '../../domain/notice/reminders/ends.ts';
import { reminderSeverity, changesFor, severityOf } from '../../domain/notice/audience.ts';
import type { Instant } from '../../domain/time.ts';
import { changeNews } from './change-news.ts';
import type { Setting, ToldNews } from './news.ts';
import { reminderNews } from './reminder-news.ts';
import { unconfirmedNews } from './unconfirmed-news.ts';

/** All that `audience` is told of an entry, in the entry's order; the end that is near comes last. */
export function newsOf(setting: Setting, audience: Audience): readonly ToldNews[] {
  const { entry } = setting;
  if (entry.isUnconfirmed === true) {
    return [{ ...unconfirmedNews(setting, audience), severity: 'attention', entry }];
  }
  const said = changesFor(entry, audience);
  const changes = said.flatMap((change): readonly ToldNews[] => {
    const severity = severityOf(change, audience);
    return severity === null ? [] : [{ ...changeNews(change, setting), severity, entry }];
  });
  const reminder =
    changes.length === 0 || isStillNear(entry.reminder, setting) ? entry.reminder : null;
  const severity = reminder === null ? null : reminderSeverity(reminder, audience);
  if (reminder === null || severity === null) return changes;
  const reminded: ToldNews = { ...reminderNews(reminder, setting), severity, entry };
  const same = changes.findIndex((_news, index) => saysEnd(said[index], entry, reminder.end));
  return same < 0
    ? [...changes, reminded]
    : changes.map((news, index) => (index === same ? together(news, reminded) : news));
}

/** Told late, beside changes: of an end that is none any more, or has passed since, nothing is said (rule 12). */
function isStillNear(reminder: Reminder | null, { present: { state }, now }: Setting): boolean {
  if (reminder === null || (reminder.daysBefore > 0 && reminder.end <= now)) return false;
  return endsOf(state, now).some(({ end }) => dateOf(end) === dateOf(reminder.end));
}

/** A change that names the very end that is near: two sentences would say one thing. */
function saysEnd(change: Change | undefined, { after }: SealedEntry, end: Instant): boolean {
  if (change?.type === 'LicenseShortened') return change.after.end === end;
  return (
    change?.type === 'WatchStarted' && change.after.standing === 'in-force' && endOf(after) === end
  );
}

function together(news: ToldNews, reminder: ToldNews): ToldNews {
  const severity = gravestOf([news.severity, reminder.severity]);
  const more = news.more ?? reminder.more;
  const said = more === undefined ? {} : { more };
  const forSeller = news.forSeller ?? reminder.forSeller;
  const hint = forSeller === undefined ? {} : { forSeller };
  return {
    ...news,
    ...said,
    ...hint,
    severity,
    means: reminder.means,
    steps: [...news.steps, ...reminder.steps],
  };
}

const GRAVEST_FIRST = ['urgent', 'attention', 'info'] as const satisfies readonly Severity[];

/**
 * What still says how things are, the gravest first, of equal ones the newest; then what later news have made old, as
 * history, oldest first.
 */
export function sorted(news: readonly ToldNews[]): {
  readonly current: readonly ToldNews[];
  readonly old: readonly ToldNews[];
} {
  const isOld = ({ about, entry }: ToldNews): boolean =>
    news.some(
      (later) =>
        later.entry.entry > entry.entry && later.about.some((each) => about.includes(each)),
    );
  const rank = ({ severity }: ToldNews): number => GRAVEST_FIRST.indexOf(severity);
  return {
    current: news
      .filter((each) => !isOld(each))
      .toSorted((a, b) => rank(a) - rank(b) || b.entry.entry - a.entry.entry),
    old: news.filter(isOld),
  };
}

export function gravestNews(news: readonly ToldNews[]): Severity {
  return gravestOf(news.map(({ severity }) => severity));
}
