import { isPool } from '../../../../domain/license/product.ts';
import { isPlain, quoted } from '../../../../domain/outside-text.ts';
import type { DeployedProduct } from '../../../../messages/requests.ts';
import type { TestEntitlement } from '../../../aws/test-licenses.ts';
import { misuse } from '../../output/failure.ts';

type Sold = Pick<DeployedProduct, 'id' | 'tiers' | 'dimensions'>;

const SIZES = ['Bytes', 'Kilobytes', 'Megabytes', 'Gigabytes', 'Terabytes'];
const ALL_SIZES = [...SIZES, ...SIZES.map((size) => size.replace(/bytes$/i, 'bits'))].map((size) =>
  size === 'bits' ? 'Bits' : size,
);
/** AWS's EntitlementUnit, without `None`, which has no number. */
const UNITS = [
  ...['Count', 'Seconds', 'Microseconds', 'Milliseconds', 'Percent'],
  ...ALL_SIZES,
  ...[...ALL_SIZES, 'Count'].map((unit) => `${unit}/Second`),
];

const FORM =
  'a tier like PremiumTier, a number of units like ReadOnly=5, or an amount like DataConsumption=500Gigabytes';

/** Reads the values that a person gave to `--entitlement`. */
export function entitlementsOf(given: readonly string[], product: Sold): TestEntitlement[] {
  const all = given.map((text) => entitlementOf(text, product));
  const repeated = all.find((each, at) => all.findIndex(({ name }) => name === each.name) < at);
  if (repeated !== undefined)
    throw misuse(`--entitlement names ${quoted(repeated.name)} twice; expected each name once`);
  return all;
}

function entitlementOf(text: string, { dimensions }: Sold): TestEntitlement {
  const [, name = '', count, unit = ''] =
    /^([^=]*)(?:=([1-9]\d{0,11})([A-Za-z/]*))?$/.exec(text) ?? [];
  if (!isPlain(name, 255)) throw misuse(`--entitlement is ${quoted(text)}; expected ${FORM}`);
  if (count === undefined) return { name, unit: 'None', count: null, returns: true };
  const known =
    unit === '' ? 'Count' : UNITS.find((each) => each.toLowerCase() === unit.toLowerCase());
  if (known === undefined)
    throw misuse(
      `--entitlement is ${quoted(text)}, whose unit is ${quoted(unit)}; expected one of ${UNITS.join(', ')}`,
    );
  const returns = !isPool({ name, unit: known }, dimensions);
  return { name, unit: known, count: Number(count), returns };
}

/** The entitlement in the form that `--entitlement` takes. */
function entitlementText({ name, unit, count }: TestEntitlement): string {
  if (count === null) return unit === 'None' ? name : `${name}=unlimited`;
  return `${name}=${count}${unit === 'Count' ? '' : unit}`;
}

export function termsText(entitlements: readonly TestEntitlement[]): string {
  return entitlements.map(entitlementText).join(', ');
}

/** How many of what is counted, as in AWS's guide, and how many after an amendment. */
const FIRST_COUNT = 5;
const AMENDED_COUNT = 10;

/** The lowest tier, or five of what the product needs to start. */
export function firstEntitlements(product: Sold): TestEntitlement[] {
  const [lowest] = product.tiers;
  return lowest === undefined ? counted(product, FIRST_COUNT) : entitlementsOf([lowest], product);
}

/** The second tier, or ten. It is always the same increase, so that asking for it again changes nothing. */
export function moreEntitlements(product: Sold): TestEntitlement[] {
  const [lowest, second] = product.tiers;
  if (lowest === undefined) return counted(product, AMENDED_COUNT);
  if (second !== undefined) return entitlementsOf([second], product);
  throw misuse(
    `${product.id} has one tier, ${lowest}: choose the new entitlement with --entitlement`,
  );
}

function counted(product: Sold, count: number): TestEntitlement[] {
  const names = Object.keys(product.dimensions);
  const needed = names.filter((name) => product.dimensions[name]?.neededToStart === true);
  const chosen = needed.length > 0 ? needed : names.slice(0, 1);
  if (chosen.length === 0)
    throw misuse(
      `the settings of ${product.id} name neither tiers nor dimensions: say what to license with --entitlement, ${FORM}`,
    );
  return entitlementsOf(
    chosen.map((name) => `${name}=${count}`),
    product,
  );
}
