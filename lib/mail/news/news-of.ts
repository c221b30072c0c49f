import { renewalAt } from '../../domain/agreement/agreement-facts.ts';
import type { Change } from '../../domain/check/changes.ts';
import type { Reminder, SealedEntry } from '../../domain/ledger/ledger.ts';
import { endOf } from '../../domain/license/canonical-state.ts';
import { type Reader, SEVERITIES } from '../../domain/notice/notice.ts';
import {
  changesFor,
  reminderSeverity,
  severityOf,
  gravestOf,
} from '../../domain/notice/notices.ts';
import { dateOf, decisionsOf } from '../../domain/notice/reminder-days.ts';
import { endsOf } from '../../domain/notice/reminders.ts';
import { badNewsWords } from '../../domain/notice/settling.ts';
import { date, dayAndTime } from '../dates.ts';
import { agreementEndedNews, amendedNews, disagreedNews, intentNews } from './agreement-news.ts';
import { capital, type News, purchasePlace, type Setting, type ToldNews } from './news.ts';
import {
  anotherNews,
  checkoutNews,
  foreignNews,
  purchaseNews,
  usageNews,
} from './purchase-news.ts';
import { standingNews } from './standing-news.ts';
import { reachableNews, unreachableNews } from './reachability-news.ts';
import { reminderNews } from './reminder-news.ts';
import { renewedNews, shortenedNews } from './term-news.ts';
import { endedNews, lostNews, restoredNews, startedNews } from './watch-news.ts';

/** Everything that `audience` is told about an entry, in the entry's order; the reminder of a near end comes last. */
export function newsOf(setting: Setting, audience: Reader): readonly ToldNews[] {
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
  const severity =
    reminder === null
      ? null
      : reminderSeverity(reminder, audience, renewalAt(setting.present.agreements, reminder.end));
  if (reminder === null || severity === null) return changes;
  const reminded: ToldNews = { ...reminderNews(reminder, setting), severity, entry };
  const same = changes.findIndex((_news, index) => saysIt(said[index], entry, reminder));
  return same < 0
    ? [...changes, reminded]
    : changes.map((news, index) => (index === same ? together(news, reminded) : news));
}

/** False for a reminder of an end that no longer exists or has passed since: told late, beside changes, it is left out (rule 12). */
function isStillNear(reminder: Reminder | null, { present, now }: Setting): boolean {
  if (reminder === null || (reminder.daysBefore > 0 && reminder.end <= now)) return false;
  const { state, agreements } = present;
  if (reminder.decideBy !== undefined) {
    const date = dateOf(reminder.decideBy);
    return decisionsOf(agreements, now).some(({ decideBy }) => dateOf(decideBy) === date);
  }
  return endsOf(state, now).some(({ end }) => dateOf(end) === dateOf(reminder.end));
}

/** True if the change names the same end or deadline as the reminder: two sentences would say one thing. */
function saysIt(
  change: Change | undefined,
  { after }: SealedEntry,
  { end, decideBy }: Reminder,
): boolean {
  if (decideBy !== undefined)
    return change?.type === 'RenewalIntentChanged' && change.decideBy === decideBy;
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
    means: reminder.means ?? [],
    steps: [...(news.steps ?? []), ...(reminder.steps ?? [])],
  };
}

/**
 * The news that still holds, the gravest first and of equally grave news the newest; then, as history, what later news made old, oldest
 * first.
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
  const rank = ({ severity }: ToldNews): number => -SEVERITIES.indexOf(severity);
  return {
    current: news
      .filter((each) => !isOld(each))
      .toSorted((a, b) => rank(a) - rank(b) || b.entry.entry - a.entry.entry),
    old: news.filter(isOld),
  };
}

/** Every change in words. */
export function changeNews(change: Change, setting: Setting): News {
  switch (change.type) {
    case 'WatchStarted':
      return startedNews(change, setting);
    case 'WatchEnded':
      return endedNews(change, setting);
    case 'WatchLost':
      return lostNews(change, setting);
    case 'WatchRestored':
      return restoredNews(change, setting);
    case 'BuyerUnreachable':
      return unreachableNews(change, setting);
    case 'BuyerReachable':
      return reachableNews(change, setting);
    case 'LicenseGranted':
    case 'LicenseBegan':
    case 'LicenseNotActivated':
    case 'GrantActivated':
    case 'GrantDeactivated':
    case 'LicenseExpired':
    case 'LicenseCanceled':
    case 'LicenseRemoved':
    case 'LicenseSuspended':
    case 'LicenseDeactivated':
    case 'LicenseReinstated':
      return standingNews(change, setting);
    case 'LicenseRenewed':
      return renewedNews(change, setting);
    case 'LicenseShortened':
      return shortenedNews(change, setting);
    case 'LicenseUpgraded':
    case 'LicenseDowngraded':
    case 'EntitlementsChanged':
      return purchaseNews(change, setting);
    case 'AnotherLicenseFound':
      return anotherNews(change, setting);
    case 'ForeignLicenseFound':
      return foreignNews(change, setting);
    case 'CheckoutRefused':
    case 'CheckoutAccepted':
      return checkoutNews(change, setting);
    case 'UsageThresholdCrossed':
      return usageNews(change, setting);
    case 'RenewalIntentChanged':
      return intentNews(change, setting);
    case 'AgreementAmended':
      return amendedNews(change, setting);
    case 'AgreementEnded':
      return agreementEndedNews(change, setting);
    case 'AgreementDisagreed':
      return disagreedNews(change, setting);
  }
}

/**
 * News of what was seen once and no look could confirm for a day. The seller is told all of it; the buyer only an end, because the dates
 * confirm that.
 */
function unconfirmedNews(setting: Setting, audience: Reader): News {
  const { entry, voice, product } = setting;
  const since = entry.observedAt;
  const about = ['standing', 'term', 'purchase'] as const;
  const onwards = 'You hear of it again only if a later look confirms it.';
  if (audience === 'buyer') {
    return {
      subject: [`end seen ${date(since)}, not confirmed since`],
      sentence: `${capital(voice.license)} had reached the end of its term by its dates, as seen on ${dayAndTime(since)}. That could not be confirmed since, because we cannot look into ${voice.account}: it may have been renewed. ${onwards}`,
      means: ['If it was renewed, nothing changes. If it was not, its term is over.'],
      steps: [
        'If you have renewed it, there is nothing to do.',
        `Look yourself at ${purchasePlace(product)}`,
      ],
      about,
    };
  }
  const what = badNewsWords(changesFor(entry, audience));
  return {
    subject: [`seen once ${date(since)}, could not be confirmed since`],
    sentence: `Seen once, on ${dayAndTime(since)}, and could not be confirmed since: ${what}. ${onwards}`,
    about,
    forSeller: 'Ask the buyer whether it is so, and why the watcher cannot look.',
  };
}
