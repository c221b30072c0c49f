import type { Audience } from '../../domain/notice/notice.ts';
import { badNewsWords } from '../../domain/notice/settling.ts';
import { changesFor } from '../../domain/notice/audience.ts';
import { date, dateAndTime } from '../dates.ts';
import { capital, type News, type Setting } from './news.ts';
import { purchasePlace } from './places.ts';

/**
 * Seen once, and no look could confirm it for a day. The seller hears all of it; the buyer only of an end, because the dates
 * confirm that.
 */
export function unconfirmedNews(setting: Setting, audience: Audience): News {
  const { entry, voice, product } = setting;
  const since = entry.observedAt;
  const about = ['standing', 'term', 'purchase'] as const;
  const onwards = 'You hear of it again only if a later look confirms it.';
  if (audience === 'buyer') {
    return {
      subject: [`end seen ${date(since)}, not confirmed since`],
      sentence: `${capital(voice.license)} had reached the end of its term by its dates, as seen on ${dateAndTime(since)}. That could not be confirmed since, because we cannot look into ${voice.account}: it may have been renewed. ${onwards}`,
      means: ['If it was renewed, nothing changes. If it was not, its term is over.'],
      steps: [
        'If you have renewed it, you need do nothing.',
        `Look yourself at ${purchasePlace(product)}`,
      ],
      rows: [],
      about,
    };
  }
  const what = badNewsWords(changesFor(entry, audience));
  return {
    subject: [`seen once ${date(since)}, could not be confirmed since`],
    sentence: `Seen once, on ${dateAndTime(since)}, and could not be confirmed since: ${what}. ${onwards}`,
    means: [],
    steps: [],
    rows: [],
    about,
    forSeller: 'ask the buyer whether it is so, and why the watcher cannot look.',
  };
}
