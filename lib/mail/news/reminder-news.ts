import type { Reminder } from '../../domain/ledger/ledger.ts';
import { cleanText } from '../../domain/outside-text.ts';
import { between, DAY, type Instant } from '../../domain/time.ts';
import { DECISION_CLOSES, RENEWAL_UNKNOWN, RENEWAL_UNSEEN } from '../aws-sentences.ts';
import { date, dateWithDistance, day, dayAndTime, lastFullDay, timeLeft } from '../dates.ts';
import { isEndOfPart } from '../facts.ts';
import { intentWords } from '../intent-words.ts';
import { HAS_ENDED, IF_IT_ENDED, IF_NOT_RENEWED } from './meanings.ts';
import { ifNotRenewed, type News, purchasePlace, type Setting } from './news.ts';
import {
  hint,
  knownRenewal,
  renewalForSeller,
  renewalMeans,
  renewalSteps,
} from './renewal-words.ts';

/** The end is near, or has passed and no renewal was seen. This is no alarm, because it may renew by itself. */
export function reminderNews(reminder: Reminder, setting: Setting): News {
  if (reminder.decideBy !== undefined) return decisionNews(reminder, reminder.decideBy, setting);
  if (reminder.end > setting.now) return endIsNear(reminder, setting);
  return setting.present.isBlind ? endIsOver(reminder, setting) : endHasPassed(reminder, setting);
}

function endIsNear({ end, share }: Reminder, setting: Setting): News {
  const { now } = setting;
  const { isBlind, state } = setting.present;
  const { what, part } = ending(share, setting);
  // The last of several ends leaves nothing, even if the others are still to come.
  const isOfPart = share !== null && isEndOfPart(end, state);
  const when = `${isBlind ? 'was to end' : 'ends'} on ${dateWithDistance(end, now)}`;
  const rest = isBlind ? '' : isOfPart ? '; the rest goes on' : fullDay(end, now);
  const { verb, after } = renewalPoint(end, setting);
  const isLastDay = between(now, end) <= DAY;
  const point = `${part}${isBlind ? 'was to end' : verb} ${timeLeft(end, now)}`;
  return {
    subject: [point, ...(isBlind ? lastSeen(setting) : isLastDay ? [] : after)],
    shorter: [point],
    sentence: [`${what} ${when}${rest}.`, ...unseen(setting)].join(' '),
    means: [
      renewalMeans(end, setting) ?? (isBlind ? RENEWAL_UNSEEN : RENEWAL_UNKNOWN),
      ...(isOfPart ? [] : [IF_NOT_RENEWED]),
    ],
    steps: renewalSteps(knownRenewal(end, setting), setting),
    ...hint(renewalForSeller(end, setting)),
    about: ['term'],
  };
}

function endHasPassed({ end, share }: Reminder, setting: Setting): News {
  const when = dateWithDistance(end, setting.now);
  return {
    subject: [
      share === null ? `ended ${date(end)}, no renewal seen` : `part of it ended ${date(end)}`,
    ],
    sentence: `${ending(share, setting).what} ended on ${when}; no renewal was seen.`,
    means: [share === null ? HAS_ENDED : PART_ONLY],
    steps: [ifNotRenewed(setting.product)],
    about: ['term'],
  };
}

/** The end has passed by the calendar, but nobody could look since: it is as unknown that it ended as that it was renewed. */
function endIsOver({ end, share }: Reminder, setting: Setting): News {
  const { now, product } = setting;
  const { what, part } = ending(share, setting);
  const point = `${part}was to end ${date(end)}`;
  const sentence = `${what} was to end on ${dateWithDistance(end, now)}.`;
  return {
    subject: [point, ...lastSeen(setting)],
    shorter: [point],
    sentence: [sentence, ...unseen(setting)].join(' '),
    means: [share === null ? IF_IT_ENDED : PART_ONLY],
    steps: [`If you need it and have not renewed it, renew at ${purchasePlace(product)}`],
    about: ['term'],
  };
}

/** The words for a coming end in a subject, and what happens then if that is known. */
function renewalPoint(
  end: Instant,
  setting: Setting,
): { readonly verb: string; readonly after: readonly string[] } {
  const intent = knownRenewal(end, setting)?.intent;
  if (intent?.kind === 'renews') return { verb: 'set to renew', after: [] };
  if (intent?.kind === 'replaced') return { verb: 'changes offer', after: [] };
  return { verb: 'ends', after: intent === undefined ? [] : [', does not renew'] };
}

/** The deadline for changing what happens at the end is near. */
function decisionNews({ end, share }: Reminder, decideBy: Instant, setting: Setting): News {
  const { now, voice, present } = setting;
  const left = timeLeft(decideBy, now);
  const what = `the agreement of ${voice.license}${share === null ? '' : ` (${sharePart(share)})`}`;
  const isOfPart = share !== null && isEndOfPart(end, present.state);
  const renewal = knownRenewal(end, setting);
  const until = dateWithDistance(decideBy, now);
  // If agreements were read before, what AWS says today is no longer known.
  const said =
    renewal === null
      ? `${present.agreements === null ? 'It can be decided' : 'It is not known, and can be decided,'} until ${until}, what happens to ${what} at its end on ${dayAndTime(end)}.`
      : `AWS says today that on ${dayAndTime(end)} ${what} ${intentWords(renewal.intent)}. This can be changed until ${until}.`;
  return {
    subject: [`decide on renewal ${left}`],
    shorter: [`decide ${left}`],
    sentence: said,
    means: [
      DECISION_CLOSES,
      ...(renewal?.intent.kind === 'expires' && !isOfPart ? [IF_NOT_RENEWED] : []),
    ],
    steps: renewalSteps(renewal, setting),
    ...hint(renewalForSeller(end, setting)),
    about: ['renewal'],
  };
}

/** What ends, and the first word of its subject: all of it, or a part. */
function ending(
  share: Reminder['share'],
  { voice }: Setting,
): { readonly what: string; readonly part: string } {
  return share === null
    ? { what: `The term of ${voice.license}`, part: '' }
    : { what: `Part of ${voice.license} (${sharePart(share)})`, part: 'part ' };
}

/** `10 ReadOnly of license ...89abcdef`: follows the words that say whose they are. */
function sharePart(share: string): string {
  return cleanText(share.replaceAll('your ', ''), 300);
}

const PART_ONLY = 'What else you have of this product is not touched by this end.';

function fullDay(end: Instant, now: Instant): string {
  const day = lastFullDay(end);
  return day === null || between(now, end) < DAY ? '' : ` (last full day: ${day})`;
}

/** When the contract was last seen, if the watcher is blind. It may have been renewed meanwhile, which the subject cannot exclude. */
function lastSeen({ present: { isBlind, lastSeen: last } }: Setting): readonly string[] {
  if (!isBlind) return [];
  return [last === null ? ', never seen' : `, seen ${date(last)}`];
}

function unseen({ present: { isBlind, lastSeen: last }, voice }: Setting): readonly string[] {
  if (!isBlind) return [];
  const seen = last === null ? '' : `; this end was last seen on ${day(last)}`;
  return [`We cannot look into ${voice.account}${seen}.`];
}
