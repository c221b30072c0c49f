import type { Change, LicenseSubset } from '../../domain/check/changes.ts';
import { dayAndTime } from '../dates.ts';
import { purchaseInShort } from '../amounts.ts';
import {
  activationSteps,
  askSomebody,
  dated,
  licenseTail,
  type News,
  purchasePlace,
  type Setting,
  shortDate,
  STANDING_WORDS,
  type Step,
} from './news.ts';

export type PartChange = Extract<Change, { readonly part?: LicenseSubset }>;

/** The predicate for one license, and for several. */
const BECAME: Readonly<Record<PartChange['type'], readonly [string, string]>> = {
  LicenseExpired: ['has ended', 'have ended'],
  LicenseCanceled: ['was canceled', 'were canceled'],
  LicenseRemoved: [
    'is no longer listed as one that can be used',
    'are no longer listed as ones that can be used',
  ],
  LicenseSuspended: ['is suspended', 'are suspended'],
  LicenseDeactivated: ['was deactivated by its issuer', 'were deactivated by their issuer'],
  GrantDeactivated: ['is no longer activated', 'are no longer activated'],
  GrantActivated: ['was activated', 'were activated'],
  LicenseReinstated: ['can be used again', 'can be used again'],
};

const IN_SHORT: Readonly<Record<PartChange['type'], string>> = {
  LicenseExpired: 'part ended',
  LicenseCanceled: 'part canceled',
  LicenseRemoved: 'part no longer listed',
  LicenseSuspended: 'part suspended',
  LicenseDeactivated: 'part deactivated',
  GrantDeactivated: 'part no longer activated',
  GrantActivated: 'part activated',
  LicenseReinstated: 'part can be used again',
};

/** News of some of several licenses: the contract continues with the others. */
export function partNews(
  { type, before, after }: PartChange,
  part: LicenseSubset,
  setting: Setting,
): News {
  const { entry, voice } = setting;
  const ofIt = (entry.before ?? []).filter(({ licenseArn }) => part.licenses.includes(licenseArn));
  const had = purchaseInShort(
    ofIt,
    entry.seenBetween.after ?? entry.observedAt,
    setting.product.dimensions,
  );
  const became = BECAME[type][part.licenses.length > 1 ? 1 : 0];
  const what = `License${part.licenses.length > 1 ? 's' : ''} ${tails(part.licenses)}${had === '' ? '' : ` (${had})`}`;
  const fact = `${what}, part of ${voice.license}, ${became}`;
  const when =
    type === 'LicenseExpired' && entry.effectiveAt !== null
      ? `${what}, part of ${voice.license}, ended on ${dayAndTime(entry.effectiveAt)}.`
      : dated(fact, setting);
  const goesOn = part.others.length > 1 ? 'The other licenses,' : 'The other license,';
  const [from, to] = [STANDING_WORDS[before.standing], STANDING_WORDS[after.standing]];
  return {
    subject: [`${IN_SHORT[type]}${shortDate(setting)}`],
    shorter: [IN_SHORT[type]],
    sentence: when,
    means: [
      `${goesOn} ${tails(part.others)}, ${part.others.length > 1 ? 'are' : 'is'} in force as before.`,
    ],
    steps: stepsOf(type, setting),
    rows: part.licenses.map((licenseArn) => ({
      label: `License ${licenseTail(licenseArn)}`,
      before: from,
      after: to,
    })),
    about: part.licenses.map((licenseArn) => `license ${licenseArn}` as const),
  };
}

function tails(licenseArns: readonly string[]): string {
  return licenseArns.map(licenseTail).join(', ');
}

function stepsOf(type: PartChange['type'], { product, entry }: Setting): readonly Step[] {
  switch (type) {
    case 'LicenseExpired':
      return [
        'If you have let it end on purpose, there is nothing to do.',
        `If you still need it, renew at ${purchasePlace(product)}`,
      ];
    case 'LicenseCanceled':
    case 'LicenseRemoved':
    case 'LicenseSuspended':
    case 'LicenseDeactivated':
      return [`If you do not know why, ${askSomebody(product)}`];
    case 'GrantDeactivated':
      return activationSteps(entry.after, entry.observedAt, product);
    case 'GrantActivated':
    case 'LicenseReinstated':
      return [];
  }
}
