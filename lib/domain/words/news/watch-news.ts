import { endOf } from '../../canonical-state.ts';
import { cleanText } from '../clean-text.ts';
import { date, dateAndTime, dateWithDistance } from '../dates.ts';
import { hasEnded, IN_FORCE } from './meanings.ts';
import { capital, type News, type Of, type Setting } from './news.ts';
import { STANDING_WORDS } from './standing-words.ts';

/** The first look: a baseline, in the buyer's mail the welcome. */
export function startedNews({ after }: Of<'WatchStarted'>, setting: Setting): News {
  const { voice, product, entry } = setting;
  const standing = after.standing ?? 'none';
  const end = endOf(entry.after);
  const isRunning = standing === 'in-force';
  const state = standing === 'none' ? 'no license found yet' : `license ${STANDING_WORDS[standing]}`;
  const short = isRunning ? (end === null ? 'license without end' : `current term ends ${dateAndTime(end)}`) : state;
  return {
    subject: [`notices begin, ${short}`],
    shorter: [`notices begin, ${end === null || !isRunning ? state : `ends ${date(end)}`}`],
    sentence: `${capital(voice.license)} is watched since ${dateAndTime(entry.observedAt)}. ${foundSentence(standing, setting)}`,
    means: isRunning ? [IN_FORCE] : standing === 'ended' ? [hasEnded(product)] : [],
    steps: [],
    rows: [],
    about: ['watch', 'standing', 'term'],
    isBaseline: true,
  };
}

function foundSentence(standing: keyof typeof STANDING_WORDS, { entry, now }: Setting): string {
  if (standing === 'none') return 'At the first look there was none yet.';
  if (standing === 'ended') return 'At the first look its term had ended.';
  const end = endOf(entry.after);
  const found = `At the first look it was ${STANDING_WORDS[standing]}`;
  if (standing !== 'in-force') return `${found}.`;
  return end === null ? `${found}, without an end.` : `${found}; the end of its term: ${dateWithDistance(end, now)}.`;
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
