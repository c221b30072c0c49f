import type { Standing } from '../../contract.ts';
import { date, dateAndTime } from '../dates.ts';
import { hasEnded, IN_FORCE, RUNNING_UNKNOWN, unusable } from './meanings.ts';
import { capital, type News, type Of, type Setting, type Step } from './news.ts';
import { activationSteps, askSomebody, purchasePlace, SUBSCRIPTIONS_PAGE } from './places.ts';
import { STANDING_WORDS } from './standing-words.ts';
import { dated, shortDate } from './when.ts';

/** The changes of how a license stands. */
export type StandingChange = Of<
  | 'LicenseGranted'
  | 'LicenseBegan'
  | 'LicenseNotActivated'
  | 'GrantActivated'
  | 'GrantDeactivated'
  | 'LicenseExpired'
  | 'LicenseCancelled'
  | 'LicenseRemoved'
  | 'LicenseSuspended'
  | 'LicenseDeactivated'
  | 'LicenseReinstated'
>;

interface StandingWords {
  /** The verb of the subject; its date follows. */
  readonly verb: string;
  readonly sentence: string;
  readonly means: readonly string[];
  readonly steps?: readonly Step[];
}

export function standingNews(change: StandingChange, setting: Setting): News {
  const [from, to] = [change.before.standing, change.after.standing].map((standing) =>
    standing === null ? 'none seen' : STANDING_WORDS[standing],
  );
  const { verb, sentence, means, steps = [] } = wordsOf(change, setting);
  return {
    subject: [change.type === 'LicenseExpired' ? expiredSubject(setting) : `${verb}${shortDate(setting)}`],
    sentence,
    means,
    steps,
    rows: from === to ? [] : [{ label: 'License', before: from ?? '', after: to ?? '' }],
    about: change.type === 'LicenseExpired' ? ['standing', 'term'] : ['standing'],
  };
}

function wordsOf(change: StandingChange, setting: Setting): StandingWords {
  const { voice, product, entry } = setting;
  const License = capital(voice.license);
  const ifUnknown = `If you do not know why, ${askSomebody(product)}`;
  switch (change.type) {
    case 'LicenseGranted':
      return {
        verb: 'license granted',
        sentence: dated(`${License} was granted to ${voice.account}`, setting),
        means: meansNow(change.after.standing, setting),
      };
    case 'LicenseBegan':
      return {
        verb: 'license began',
        sentence: dated(`${License} began`, setting),
        means: meansNow(change.after.standing, setting),
      };
    case 'LicenseNotActivated':
      return {
        verb: 'license not activated yet',
        sentence: dated(`${License} is there, but nobody can use it yet: it is not activated`, setting),
        means: [unusable('Until it is activated', product)],
        steps: activationSteps(entry.after, entry.observedAt, product),
      };
    case 'GrantActivated':
      return {
        verb: 'license activated',
        sentence: dated(`${License} was activated`, setting),
        means: meansNow(change.after.standing, setting),
      };
    case 'GrantDeactivated':
      return {
        verb: 'license no longer activated',
        sentence: dated(`${License} is no longer activated in ${voice.account}`, setting),
        means: [unusable('Until it is activated again', product), RUNNING_UNKNOWN],
        steps: activationSteps(entry.after, entry.observedAt, product),
      };
    case 'LicenseExpired':
      return {
        verb: 'term ended',
        sentence: expiredSentence(setting),
        means: [hasEnded(product)],
        steps: [
          'If you have let it end on purpose, you need do nothing.',
          `If you still need it, renew at ${purchasePlace(product)}`,
        ],
      };
    case 'LicenseCancelled':
      return {
        verb: 'license canceled',
        sentence: dated(`${License} was canceled: AWS has deleted it before its end`, setting),
        means: [unusable('From now on', product), RUNNING_UNKNOWN],
        steps: [`If you did not cancel it, ${askSomebody(product)}`],
      };
    case 'LicenseRemoved':
      return {
        verb: 'license no longer listed',
        sentence: dated(`AWS License Manager no longer lists ${voice.license}`, setting),
        means: [
          'AWS does not say why. It may have been canceled, taken back, or given to another account.',
          unusable('As long as it is gone', product),
        ],
        steps: [`If you did not expect this, look for the agreement under ${SUBSCRIPTIONS_PAGE}`, ifUnknown],
      };
    case 'LicenseSuspended':
      return {
        verb: 'license suspended',
        sentence: dated(`${License} is suspended`, setting),
        means: [unusable('Until AWS reinstates it', product), RUNNING_UNKNOWN],
        steps: [ifUnknown],
      };
    case 'LicenseDeactivated':
      return {
        verb: 'license deactivated',
        sentence: dated(`${License} was deactivated by its issuer`, setting),
        means: [unusable('As it stands', product), RUNNING_UNKNOWN],
        steps: [ifUnknown],
      };
    case 'LicenseReinstated':
      return {
        verb: 'license can be used again',
        sentence: dated(
          `${License} can be used again; it was ${STANDING_WORDS[change.before.standing]} before`,
          setting,
        ),
        means: meansNow(change.after.standing, setting),
      };
  }
}

function meansNow(standing: Standing, { entry }: Setting): readonly string[] {
  if (standing === 'in-force') return [IN_FORCE];
  const begin = entry.after.map(({ validity }) => validity.begin).toSorted()[0];
  return begin === undefined || standing !== 'upcoming' ? [] : [`It can be used from ${dateAndTime(begin)} on.`];
}

/** AWS may say that it ended before the date: then it is known when that was seen. */
function expiredSubject({ entry }: Setting): string {
  return entry.effectiveAt === null
    ? `term ended, seen ${date(entry.observedAt)}`
    : `term ended ${date(entry.effectiveAt)}`;
}

function expiredSentence({ entry, voice }: Setting): string {
  if (entry.effectiveAt === null) {
    return `AWS says that the term of ${voice.license} has ended; seen on ${dateAndTime(entry.observedAt)}.`;
  }
  return `The term of ${voice.license} ended on ${dateAndTime(entry.effectiveAt)}, and no other license took its place at once.`;
}
