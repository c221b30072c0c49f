import type { Change } from '../../domain/check/changes.ts';
import type { SealedEntry } from '../../domain/ledger/ledger.ts';
import {
  amountLeft,
  amountUsed,
  type Amounts,
  differingAmounts,
  entitlementTitle,
} from '../amounts.ts';
import {
  ALL_IN_USE,
  buyMore,
  DRAWN_FOR_GOOD,
  MORE_OR_LONGER,
  NOTHING_LEFT,
  oneOfSeveral,
  OVERAGE_ALLOWED,
  WHEN_ALL_IN_USE,
  WHEN_NOTHING_LEFT,
} from '../aws-sentences.ts';
import { date, dayAndTime } from '../dates.ts';
import { type Subject, toAscii } from '../subject.ts';
import { allQuoted, cleanText, quoted } from '../../domain/outside-text.ts';
import { productName } from '../text.ts';
import {
  askSomebody,
  capital,
  dated,
  licenseTail,
  nextBegin,
  type News,
  type Of,
  purchasePlace,
  type Setting,
  shortDate,
  type Step,
} from './news.ts';

type PurchaseChange = Of<'LicenseUpgraded' | 'LicenseDowngraded' | 'EntitlementsChanged'>;

/** How many differences a sentence names; the table has all. */
const NAMED = 3;

const VERBS: Readonly<Record<PurchaseChange['type'], string>> = {
  LicenseUpgraded: 'upgraded',
  LicenseDowngraded: 'downgraded',
  EntitlementsChanged: 'changed',
};

const MEANS: Readonly<Record<PurchaseChange['type'], string>> = {
  LicenseUpgraded: 'You have more than before.',
  LicenseDowngraded: 'You have less than before.',
  EntitlementsChanged:
    'What the license allows is different from before; the facts below have all of it.',
};

/** While no license is in force, what is there belongs to the term to come. */
const MEANS_TO_COME: typeof MEANS = {
  LicenseUpgraded: 'You have more than before once the next term has begun.',
  LicenseDowngraded: 'You have less than before once the next term has begun.',
  EntitlementsChanged:
    'What the next term allows is different from before; the facts below have all of it.',
};

export function purchaseNews(change: PurchaseChange, setting: Setting): News {
  if (change.type === 'EntitlementsChanged' && change.found === true)
    return unknownTierNews(change, setting);
  const { voice, product } = setting;
  const which =
    change.licenseArn === undefined ? '' : ` (${licenseTail(change.licenseArn)}, one of several)`;
  const amounts = differingAmounts(change.before, change.after, product);
  const named = amounts.slice(0, NAMED).map(({ what, words }) => `${what} ${words}`);
  const more = amounts.length > NAMED ? ` and ${amounts.length - NAMED} more` : '';
  const detail = named.length > 0 ? `: ${named.join(', ')}${more}` : '';
  const isToCome = setting.entry.standing === 'upcoming';
  return {
    subject: subjectOfPurchase(change.type, amounts, setting),
    shorter: [`${VERBS[change.type]}${shortDate(setting)}`],
    sentence: isToCome
      ? `${capital(voice.license)}${which} is ${VERBS[change.type]} with ${termToCome(setting)}${detail}.`
      : dated(`${capital(voice.license)}${which} was ${VERBS[change.type]}${detail}`, setting),
    means: [isToCome ? MEANS_TO_COME[change.type] : MEANS[change.type]],
    steps: stepsOf(change, setting),
    ...forSeller(setting),
    rows: amounts.map(({ what, before, after }) => ({ label: what, before, after })),
    about: ['purchase'],
  };
}

/** Named by its date, because the mail may come when it has begun. */
function termToCome(setting: Setting): string {
  const begin = nextBegin(setting);
  return begin === undefined ? 'the term to come' : `the term that begins on ${dayAndTime(begin)}`;
}

/** To the seller only: nothing may have changed. */
function unknownTierNews({ unknownTiers }: Of<'EntitlementsChanged'>, setting: Setting): News {
  const { voice, entry } = setting;
  const several = unknownTiers.length > 1;
  return {
    subject: [`tier unknown to cdk.json, seen ${date(entry.observedAt)}`],
    sentence: `${capital(voice.license)} names ${several ? 'tiers' : 'a tier'} that cdk.json does not: ${tierNames(unknownTiers)}; seen on ${dayAndTime(entry.observedAt)}.`,
    means: [
      'Whether that is more or less than another tier nobody can say, so the buyer is told nothing of it.',
    ],
    ...forSeller(setting),
    about: ['purchase'],
  };
}

export function usageNews(change: Of<'UsageThresholdCrossed'>, setting: Setting): News {
  const { voice, product, entry } = setting;
  const { entitlementName, unit, threshold, before, after, held } = change;
  const verb = held === undefined ? 'used' : 'in use';
  const name = entitlementTitle(entitlementName, product.dimensions);
  const usage = entry.usage?.find((each) => each.name === entitlementName && each.unit === unit);
  const left =
    usage === undefined ? '' : `: ${amountLeft(usage, usage.consumed, product.dimensions)}`;
  const sentence =
    held === undefined
      ? `Of ${voice.license}, ${after.percent} % of ${name} is used${left}`
      : `Of ${voice.license}, ${name}: ${heldWords({ name: entitlementName, unit }, held, product)}`;
  return {
    subject: [
      ...(threshold === 'over' ? [] : [`${after.percent} % of `]),
      { name, or: held === undefined ? 'the pool' : 'the units' },
      ` ${threshold === 'over' ? 'over its maximum' : verb}`,
    ],
    shorter: [
      `${threshold === 'over' ? 'over its maximum' : `${after.percent} % ${verb}`}${shortDate(setting)}`,
    ],
    sentence: dated(sentence, setting),
    means: usageMeans(change, setting),
    steps: [buyMore(purchasePlace(product), cleanText(product.contact, 200))],
    forSeller: MORE_OR_LONGER,
    // 0 means not known: usage is remembered only when something else is.
    rows:
      before.percent === 0
        ? []
        : [{ label: `${name} used`, before: `${before.percent} %`, after: `${after.percent} %` }],
    about: [`usage of ${entitlementName}`],
  };
}

const TOLD_ONCE =
  'You hear of this again only after it was at least ten percentage points lower for a week.';

function heldWords(
  of: { readonly name: string; readonly unit: string },
  { consumed, maxCount }: NonNullable<Of<'UsageThresholdCrossed'>['held']>,
  { dimensions }: Setting['product'],
): string {
  const count = { ...of, maxCount, isPool: false };
  return amountUsed(count, [{ ...of, consumed, maxCount }], dimensions);
}

function usageMeans(
  { entitlementName, unit, after, held }: Of<'UsageThresholdCrossed'>,
  { entry }: Setting,
): string[] {
  const overage = entry.after.some(({ entitlements }) =>
    entitlements.some(
      (each) => each.name === entitlementName && each.unit === unit && each.overage,
    ),
  );
  const isFull = after.percent >= 100;
  if (held !== undefined)
    return [overage ? OVERAGE_ALLOWED : isFull ? ALL_IN_USE : WHEN_ALL_IN_USE, TOLD_ONCE];
  return [overage ? OVERAGE_ALLOWED : isFull ? NOTHING_LEFT : WHEN_NOTHING_LEFT, DRAWN_FOR_GOOD];
}

/** The subject says what it became or, if more than one thing differs, when. */
function subjectOfPurchase(
  type: PurchaseChange['type'],
  amounts: readonly Amounts[],
  setting: Setting,
): Subject {
  const verb = VERBS[type];
  const atLeast = [`${verb}${shortDate(setting)}`];
  const [only, ...others] = amounts;
  if (only === undefined || others.length > 0) return atLeast;
  if (only.kind === 'tier') return [`${verb} to `, { name: only.after, or: 'another tier' }];
  // The unit is text from the license, and SNS takes only ASCII.
  const [longest, words] = [28, toAscii(only.words)];
  return words.length > longest
    ? atLeast
    : [`${verb}, `, { name: only.what, or: 'its quantity' }, ` ${words}`];
}

function stepsOf(change: PurchaseChange, { product }: Setting): readonly Step[] {
  switch (change.type) {
    case 'LicenseUpgraded':
      return [];
    case 'LicenseDowngraded':
      return [
        'See that what you run stays within the new limit.',
        `If you did not agree to less, ${askSomebody(product)}`,
      ];
    case 'EntitlementsChanged':
      return [
        `Compare the facts below with what you ordered; if it is not the same, ${askSomebody(product)}`,
      ];
  }
}

function forSeller({ entry, product: { id } }: Setting): Pick<News, 'forSeller'> {
  const tiers = tiersStillUnknown(entry);
  return tiers === ''
    ? {}
    : { forSeller: `Add ${tiers} to the tiers of ${quoted(cleanText(id))} in cdk.json.` };
}

/** The tiers that the seller's list does not know, as text. */
export function unknownTiersOf(changes: readonly Change[]): string {
  return tierNames(allUnknown(changes));
}

/** The unknown tiers that the license still names. The others disappeared with the change that mentions them. */
export function tiersStillUnknown({ changes, after }: SealedEntry): string {
  const names = new Set(after.flatMap(({ entitlements }) => entitlements.map(({ name }) => name)));
  return tierNames(allUnknown(changes).filter((tier) => names.has(tier)));
}

function allUnknown(changes: readonly Change[]): readonly string[] {
  return changes.flatMap((change) =>
    change.type === 'EntitlementsChanged' ? change.unknownTiers : [],
  );
}

function tierNames(tiers: readonly string[]): string {
  return allQuoted(tiers.map((tier) => cleanText(tier)));
}

export function anotherNews(
  { after }: Of<'AnotherLicenseFound'>,
  { voice, product, entry }: Setting,
): News {
  return {
    subject: [`several licenses side by side, seen ${date(entry.observedAt)}`],
    sentence: `There are several licenses side by side where one is usual: ${tailsOf(after.licenses)}; seen on ${dayAndTime(entry.observedAt)}.`,
    means: [oneOfSeveral(product)],
    forSeller: `Look at the agreements of ${voice.account}: was one to replace the other?`,
    about: ['licenses'],
  };
}

export function foreignNews(
  { before, after }: Of<'ForeignLicenseFound'>,
  { voice, product, entry }: Setting,
): News {
  const found = after.licenses.filter((licenseArn) => !before.licenses.includes(licenseArn));
  const several = found.length > 1;
  return {
    subject: [`license of another issuer, seen ${date(entry.observedAt)}`],
    sentence: `In ${voice.account} there ${several ? 'are licenses' : 'is a license'} under the SKU of ${productName(product)} by another issuer: ${tailsOf(found)}; seen on ${dayAndTime(entry.observedAt)}.`,
    means: ['It counts for nothing here, and nothing of it is told to the buyer.'],
    forSeller: `Find out who issued ${several ? 'them' : 'it'}: your product should accept licenses of its own issuer only.`,
    about: ['foreign licenses'],
  };
}

function tailsOf(licenseArns: readonly string[]): string {
  const tails = licenseArns.slice(0, 5).map(licenseTail);
  return `${tails.join(', ')}${licenseArns.length > tails.length ? ` and ${licenseArns.length - tails.length} more` : ''}`;
}

export function checkoutNews(
  { type }: Of<'CheckoutRefused' | 'CheckoutAccepted'>,
  { product, entry }: Setting,
): News {
  const name = productName(product);
  const seen = `seen on ${dayAndTime(entry.observedAt)}`;
  if (type === 'CheckoutAccepted') {
    return {
      subject: [`checkout accepted again, seen ${date(entry.observedAt)}`],
      sentence: `A checkout of the license is accepted again; ${seen}.`,
      means: [`${name} would start again.`],
      about: ['checkout'],
    };
  }
  return {
    subject: [`checkout refused, seen ${date(entry.observedAt)}`],
    sentence: `AWS says that the license is in force, and yet refuses a checkout that needs no seat, three checks running; ${seen}.`,
    means: [`${name} would fail to start in this account.`],
    forSeller:
      'Ask AWS Marketplace why, before the buyer does; the reason in the ledger has the error.',
    about: ['checkout'],
  };
}
