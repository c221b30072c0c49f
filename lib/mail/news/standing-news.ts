import type { Standing } from '../../domain/license/contract.ts';
import {
  cannotBeUsed,
  deleted,
  NOT_LISTED_WHY,
  notListed,
  RUNNING_UNKNOWN,
  SUBSCRIPTIONS_PAGE,
  SUSPENDED_UNKNOWN,
} from '../aws-sentences.ts';
import { dayAndTime } from '../dates.ts';
import { canBeUsed, HAS_ENDED, inTheGap } from './meanings.ts';
import {
  activationSteps,
  askSomebody,
  capital,
  dated,
  type News,
  nextBegin,
  type Of,
  purchasePlace,
  type Setting,
  shortDate,
  STANDING_WORDS,
  type Step,
} from './news.ts';
import { type PartChange, partNews } from './part-news.ts';

/** The changes of a license's standing. */
export type StandingNewsChange = Of<
  | 'LicenseGranted'
  | 'LicenseBegan'
  | 'LicenseNotActivated'
  | 'GrantActivated'
  | 'GrantDeactivated'
  | 'LicenseExpired'
  | 'LicenseCanceled'
  | 'LicenseRemoved'
  | 'LicenseSuspended'
  | 'LicenseDeactivated'
  | 'LicenseReinstated'
>;

export interface StandingWords {
  /** The verb of the subject; its date follows. */
  readonly verb: string;
  readonly sentence: string;
  readonly means: readonly string[];
  readonly steps?: readonly Step[];
}

export function standingNews(change: StandingNewsChange, setting: Setting): News {
  const part = 'part' in change ? change.part : undefined;
  if (part !== undefined) return partNews(change as PartChange, part, setting);
  const [from, to] = [change.before.standing, change.after.standing].map((standing) =>
    standing === null ? 'none seen' : STANDING_WORDS[standing],
  );
  const { verb, sentence, means, steps = [] } = wordsOf(change, setting);
  return {
    subject: [`${verb}${shortDate(setting)}`],
    shorter: [verb],
    sentence,
    means,
    steps,
    rows: from === to ? [] : [{ label: 'License', before: from ?? '', after: to ?? '' }],
    about: change.type === 'LicenseExpired' ? ['standing', 'term'] : ['standing'],
  };
}

function wordsOf(change: StandingNewsChange, setting: Setting): StandingWords {
  const { voice, product, entry } = setting;
  const License = capital(voice.license);
  const ifUnknown = `If you do not know why, ${askSomebody(product)}`;
  switch (change.type) {
    case 'LicenseGranted':
      return {
        verb: 'granted',
        sentence: dated(`${License} was granted to ${voice.account}`, setting),
        means: meansNow(change.after.standing, setting),
      };
    case 'LicenseBegan':
      return {
        verb: 'began',
        sentence: dated(`${License} began`, setting),
        means: meansNow(change.after.standing, setting),
      };
    case 'LicenseNotActivated':
      return {
        verb: 'not activated yet',
        sentence: dated(
          `${License} is there, but nobody can use it yet: it is not activated`,
          setting,
        ),
        means: [cannotBeUsed('Until it is activated')],
        steps: activationSteps(entry.after, entry.observedAt, product),
      };
    case 'GrantActivated':
      return {
        verb: 'activated',
        sentence: dated(`${License} was activated`, setting),
        means: meansNow(change.after.standing, setting),
      };
    case 'GrantDeactivated':
      return {
        verb: 'no longer activated',
        sentence: dated(`${License} is no longer activated in ${voice.account}`, setting),
        means: [cannotBeUsed('Until it is activated again'), RUNNING_UNKNOWN],
        steps: activationSteps(entry.after, entry.observedAt, product),
      };
    case 'LicenseExpired':
      return expiredWords(change.after.standing, setting);
    case 'LicenseCanceled':
      return {
        verb: 'canceled',
        sentence: dated(deleted(License), setting),
        ...whileUnusable('canceled', product),
      };
    case 'LicenseRemoved':
      return {
        verb: 'no longer listed',
        sentence: dated(notListed(voice.license), setting),
        means: [NOT_LISTED_WHY, cannotBeUsed('As long as it is gone')],
        steps: [
          `If you did not expect this, look for the agreement under ${SUBSCRIPTIONS_PAGE}`,
          ifUnknown,
        ],
      };
    case 'LicenseSuspended':
      return {
        verb: 'suspended',
        sentence: dated(`${License} is suspended`, setting),
        ...whileUnusable('suspended', product),
      };
    case 'LicenseDeactivated':
      return {
        verb: 'deactivated',
        sentence: dated(`${License} was deactivated by its issuer`, setting),
        ...whileUnusable('deactivated', product),
      };
    case 'LicenseReinstated':
      return reinstatedWords(change, setting);
  }
}

/** What a standing in which the license cannot be used means, and what to do: for the change that brings it, and for a first look that finds it. */
export function whileUnusable(
  standing: 'suspended' | 'deactivated' | 'canceled',
  product: Setting['product'],
): Required<Pick<News, 'means' | 'steps'>> {
  const ifUnknown = `If you do not know why, ${askSomebody(product)}`;
  switch (standing) {
    case 'suspended':
      return { means: [SUSPENDED_UNKNOWN, RUNNING_UNKNOWN], steps: [ifUnknown] };
    case 'deactivated':
      return { means: [cannotBeUsed('As it stands'), RUNNING_UNKNOWN], steps: [ifUnknown] };
    case 'canceled':
      return {
        means: [cannotBeUsed('From now on'), RUNNING_UNKNOWN],
        steps: [`If you did not cancel it, ${askSomebody(product)}`],
      };
  }
}

/** What to do about a term that is over. */
export function afterTheEnd(product: Setting['product']): readonly Step[] {
  return [
    'If you have let it end on purpose, there is nothing to do.',
    `If you still need it, renew at ${purchasePlace(product)}`,
  ];
}

export function meansNow(standing: Standing, setting: Setting): readonly string[] {
  if (standing === 'in-force') return canBeUsed(setting.present);
  const begin = standing === 'upcoming' ? nextBegin(setting) : undefined;
  return begin === undefined ? [] : [`It can be used from ${dayAndTime(begin)} on.`];
}

function reinstatedWords(
  { before, after }: Of<'LicenseReinstated'>,
  setting: Setting,
): StandingWords {
  const License = capital(setting.voice.license);
  const was = STANDING_WORDS[before.standing];
  const means = meansNow(after.standing, setting);
  if (after.standing === 'in-force') {
    const sentence = dated(`${License} can be used again; it was ${was} before`, setting);
    return { verb: 'can be used again', sentence, means };
  }
  const sentence = dated(
    `${License} is no longer ${was}; now it is ${STANDING_WORDS[after.standing]}`,
    setting,
  );
  return { verb: `no longer ${was}`, sentence, means };
}

/** The term has ended. `left`: the standing of the rest of the contract, which decides what can be done. */
function expiredWords(left: Standing, setting: Setting): StandingWords {
  const { product, entry, voice } = setting;
  const verb = 'ended';
  const ended =
    entry.effectiveAt === null
      ? `AWS says that the term of ${voice.license} has ended; seen on ${dayAndTime(entry.observedAt)}`
      : `The term of ${voice.license} ended on ${dayAndTime(entry.effectiveAt)}`;
  const begin = left === 'upcoming' ? nextBegin(setting) : undefined;
  if (begin !== undefined) {
    return {
      verb,
      sentence: `${ended}. The next one begins on ${dayAndTime(begin)}.`,
      means: [inTheGap(`Until ${dayAndTime(begin)}`)],
      steps: [`If you cannot wait until ${dayAndTime(begin)}, ${askSomebody(product)}`],
    };
  }
  if (left === 'not-activated') {
    return {
      verb,
      sentence: `${ended}. Another license of the product is there, but it is not activated.`,
      means: [inTheGap('Until it is activated')],
      steps: activationSteps(entry.after, entry.observedAt, product),
    };
  }
  return {
    verb,
    sentence: `${ended}${entry.effectiveAt === null ? '' : ', and no other license took its place at once'}.`,
    means: [HAS_ENDED],
    steps: afterTheEnd(product),
  };
}
