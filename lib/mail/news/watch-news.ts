import { endOf } from '../../domain/license/canonical-state.ts';
import { cleanText } from '../clean-text.ts';
import { date, dateAndTime, dateWithDistance } from '../dates.ts';
import { canBeUsed, hasEnded } from './meanings.ts';
import { capital, type News, type Of, type Setting } from './news.ts';
import { STANDING_WORDS } from './standing-words.ts';
import type { Present } from '../present.ts';

/** The first look: a baseline, in the buyer's mail the welcome. */
export function startedNews({ after }: Of<'WatchStarted'>, setting: Setting): News {
  const { voice, product, entry, present } = setting;
  const standing = after.standing ?? 'none';
  const [short, shorter] = present.isBlind ? asConfirmed(present) : asSeen(present);
  return {
    subject: [`notices begin, ${short}`],
    shorter: [`notices begin, ${shorter}`],
    sentence: `${capital(voice.license)} is watched since ${dateAndTime(entry.observedAt)}. ${foundSentence(standing, setting)}`,
    means: standing === 'ended' ? [hasEnded(product)] : canBeUsed(present),
    steps: [],
    rows: [],
    about: ['watch', 'standing', 'term'],
    isBaseline: true,
  };
}

/** For a subject, in full and with fewer words. */
function asSeen({ standing, state }: Present): readonly [string, string] {
  const end = endOf(state);
  const words =
    standing === 'none' ? 'no license found yet' : `license ${STANDING_WORDS[standing]}`;
  if (standing !== 'in-force') return [words, words];
  return end === null
    ? ['license without end', words]
    : [`current term ends ${dateAndTime(end)}`, `ends ${date(end)}`];
}

function asConfirmed(present: Present): readonly [string, string] {
  const { standing, state, lastConfirmed } = present;
  const last = lastConfirmed === null ? 'never confirmed' : `last confirmed ${date(lastConfirmed)}`;
  const end = standing === 'in-force' ? endOf(state) : null;
  const [words] = asSeen(present);
  return [`${end === null ? words : `was to end ${date(end)}`}, ${last}`, last];
}

function foundSentence(
  standing: keyof typeof STANDING_WORDS,
  { entry, present, now }: Setting,
): string {
  if (standing === 'none') return 'At the first look there was none yet.';
  if (standing === 'ended') return 'At the first look its term had ended.';
  const end = endOf(entry.after);
  const found = `At the first look it was ${STANDING_WORDS[standing]}`;
  if (standing !== 'in-force') return `${found}.`;
  if (end === null) return `${found}, without an end.`;
  const isStill = !present.isBlind && endOf(present.state) === end;
  return `${found}; the end of its term: ${isStill ? dateWithDistance(end, now) : dateAndTime(end)}.`;
}

export function endedNews({ reason }: Of<'WatchEnded'>, { voice, entry }: Setting): News {
  return {
    subject: [`watch ended ${date(entry.observedAt)}`],
    sentence: `The watch of ${voice.license} ended on ${dateAndTime(entry.observedAt)}: ${cleanText(reason, 300)}.`,
    means: ['Nothing more is seen of it, and nobody is reminded of its end. The ledger is kept.'],
    steps: [],
    rows: [],
    about: ['watch'],
  };
}
