import type { License } from '../../domain/license/contract.ts';
import type { Product } from '../../domain/license/product.ts';
import { asListed } from '../../domain/check/believed-read.ts';
import type { ReadVersions } from '../../domain/check/versions.ts';
import { type FailedObservation, UNFINISHED } from '../../domain/check/observation.ts';
import { describe, failedObservation } from '../judge.ts';
import { cleanText, quoted } from '../../domain/outside-text.ts';
import { sideBySide } from '../../domain/side-by-side.ts';
import type { LicenseManager, ListPage } from './calls.ts';
import {
  parseIdentity,
  parseReceived,
  parseTerms,
  ShapeError,
  type Identity,
  type ReceivedDetails,
} from './parse-license.ts';
import { LICENSE_MANAGER_ERRORS } from './errors.ts';

/** What the reads of one look found. */
export interface LicensesFound {
  readonly kind: 'read';
  readonly licenses: readonly License[];
  readonly foreign: readonly string[];
}

/** The most foreign licenses kept. Anybody can issue licenses under the seller's SKU: a thousand must not fill a ledger entry. */
const MOST_FOREIGN = 10;

/** How many licenses are read at the same time, and the usage of how many. `spacingOf` sets the gap between the calls. */
export const AT_ONCE = 4;
/** A look that runs out of time after this many reads was not stopped by AWS's slowness alone. */
const MANY = 50;

/** The failure of a look that has too many licenses to read in its time. AWS is not at fault, and it does not pass. */
function unfinished({ name }: Product, read: number, all: number): FailedObservation {
  return {
    kind: 'trouble',
    cause: 'too-many-licenses',
    detail: `license-manager:GetLicense: ${read} of ${all} licenses of ${cleanText(name, 80)} ${UNFINISHED}`,
  };
}

type Find =
  | { readonly kind: 'license'; readonly license: License }
  | { readonly kind: 'foreign'; readonly licenseArn: string }
  /** The license is over, and its terms cannot be read. */
  | { readonly kind: 'over' }
  | FailedObservation;

/**
 * Reads every license of the product's SKUs. A call that fails or a license that cannot be read whole fails the look: it may hide the
 * renewal of a license that ends today.
 */
export async function readLicenses(
  manager: LicenseManager,
  product: Product,
  signal: AbortSignal,
): Promise<LicensesFound | FailedObservation> {
  const listed = await listProduct(manager, product, signal);
  if (listed.kind !== 'listed') return listed;
  const finds: Exclude<Find, FailedObservation>[] = [];
  const failures: FailedObservation[] = [];
  let read = 0;
  await sideBySide(listed.items.entries(), AT_ONCE, async ([at, item]) => {
    if (failures.length > 0) return;
    const find = await examine(manager, item, product, signal);
    if (find.kind === 'blind' || find.kind === 'trouble') failures.push(find);
    else finds[at] = find;
    read += 1;
  });
  const [failure] = failures;
  if (failure !== undefined)
    return signal.aborted && read >= MANY
      ? unfinished(product, read, listed.items.length)
      : failure;
  return {
    kind: 'read',
    licenses: finds.flatMap((find) => (find.kind === 'license' ? [find.license] : [])),
    foreign: finds
      .flatMap((find) => (find.kind === 'foreign' ? [find.licenseArn] : []))
      .sort()
      .slice(0, MOST_FOREIGN),
  };
}

async function listProduct(
  manager: LicenseManager,
  product: Product,
  signal: AbortSignal,
): Promise<{ kind: 'listed'; items: readonly unknown[] } | FailedObservation> {
  const items = new Map<unknown, unknown>();
  try {
    for (const productSku of new Set([product.productSku, ...product.formerSkus])) {
      // The list may move between two pages and show a license twice. The last one counts.
      for (const item of await allPages('ListReceivedLicenses', (token) =>
        manager.listReceived(productSku, token, signal),
      ))
        items.set(arnOf(item) ?? item, item);
    }
    return { kind: 'listed', items: [...items.values()] };
  } catch (error) {
    return failedObservation(LICENSE_MANAGER_ERRORS, error, 'license-manager:ListReceivedLicenses');
  }
}

async function examine(
  manager: LicenseManager,
  item: unknown,
  product: Product,
  signal: AbortSignal,
): Promise<Find> {
  try {
    const identity = parseIdentity(item);
    const { licenseArn } = identity;
    if (identity.issuerFingerprint !== product.issuerFingerprint)
      return { kind: 'foreign', licenseArn };
    if (![product.productSku, ...product.formerSkus].includes(identity.productSku)) {
      return odd(
        item,
        `ProductSKU: got one that was not asked for: ${cleanText(identity.productSku, 80)}`,
      );
    }
    const received = parseReceived(item);
    if (isOver(received)) {
      const license = terms(item, received);
      return license === undefined ? { kind: 'over' } : { kind: 'license', license };
    }
    if (received.receivedStatus !== 'ACTIVE')
      return { kind: 'license', license: parseTerms(item, received) };
    return await readOne(manager, item, identity, received, signal);
  } catch (error) {
    if (error instanceof ShapeError) return odd(item, error.message);
    throw error;
  }
}

/**
 * GetLicense is called only for a license that is not over and whose grant is active. Otherwise the list says enough, and whether AWS
 * answers GetLicense for a grant not yet accepted is unknown: a refusal there must not look like blindness.
 */
function isOver({ status }: ReceivedDetails): boolean {
  return status === 'EXPIRED' || status === 'DELETED' || status === 'PENDING_DELETE';
}

/**
 * Reads the terms of a license from the list; undefined if their shape is wrong. That must not blind us if the license is over, or if
 * GetLicense has all of them.
 */
function terms(item: unknown, received: ReceivedDetails): License | undefined {
  try {
    return parseTerms(item, received);
  } catch (error) {
    if (error instanceof ShapeError) return undefined;
    throw error;
  }
}

/**
 * The grant's state comes from the list alone. The list and GetLicense both tell version, status, validity and entitlements; `asListed`
 * decides which is believed if they differ.
 */
async function readOne(
  manager: LicenseManager,
  item: unknown,
  { licenseArn, productSku, issuerFingerprint }: Identity,
  received: ReceivedDetails,
  signal: AbortSignal,
): Promise<Find> {
  let answer: unknown;
  try {
    answer = await manager.getLicense(licenseArn, signal);
  } catch (error) {
    return failedObservation(LICENSE_MANAGER_ERRORS, error, 'license-manager:GetLicense');
  }
  const license = parseTerms(answer, received);
  if (
    license.licenseArn !== licenseArn ||
    license.productSku !== productSku ||
    license.issuerFingerprint !== issuerFingerprint
  ) {
    return odd(
      item,
      `GetLicense answered with another license: ${cleanText(license.licenseArn, 200)}`,
    );
  }
  const listed = terms(item, received);
  return { kind: 'license', license: listed === undefined ? license : asListed(license, listed) };
}

function odd(item: unknown, problem: string): FailedObservation {
  const which = cleanText(arnOf(item) ?? '(no ARN)', 200);
  return {
    kind: 'trouble',
    cause: 'unexpected-answer',
    detail: `${which} cannot be read: ${problem}`,
  };
}

function arnOf(item: unknown): string | undefined {
  if (typeof item !== 'object' || item === null || !('LicenseArn' in item)) return undefined;
  return typeof item.LicenseArn === 'string' ? item.LicenseArn : undefined;
}

/** Ten pages are 1,000 licenses of one product in one account. If there are more, we are reading wrongly. */
const MOST_PAGES = 10;

/**
 * Reads all received licenses of one SKU, or all versions of one license, unparsed. An empty page with a NextToken is not the end. Throws
 * `ShapeError` if the answer is not a list or does not end.
 */
async function allPages(
  operation: string,
  pageOf: (nextToken: string | undefined) => Promise<ListPage>,
): Promise<readonly unknown[]> {
  const licenses: unknown[] = [];
  let token: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const { items, nextToken } = await pageOf(token);
    licenses.push(...listOf(items));
    token = tokenOf(nextToken);
    if (token === undefined) return licenses;
  }
  throw new ShapeError(`${operation} did not end: got ${MOST_PAGES} pages and a NextToken`);
}

/**
 * Reads all versions of one license. Tolerant on purpose: AWS lists ListLicenseVersions among the issuer's permissions and may well deny it
 * to a buyer. A version that cannot be read is left out and counted in `problem`.
 */
export async function readVersions(
  manager: Pick<LicenseManager, 'listVersions'>,
  licenseArn: string,
  signal: AbortSignal,
): ReturnType<ReadVersions> {
  try {
    const items = await allPages('ListLicenseVersions', (token) =>
      manager.listVersions(licenseArn, token, signal),
    );
    const licenses = items.flatMap((item) => {
      const license = terms(item, { status: 'AVAILABLE', ...GRANT_UNKNOWN });
      return license === undefined ? [] : [license];
    });
    const unread = items.length - licenses.length;
    return { licenses, problem: unread === 0 ? null : `${unread} of them cannot be read` };
  } catch (error) {
    return { licenses: [], problem: describe(error) };
  }
}

/** AWS keeps versions of a license but not of its grant. */
const GRANT_UNKNOWN: Omit<ReceivedDetails, 'status'> = {
  receivedStatus: 'ACTIVE',
  allowedOperations: null,
};

function listOf(items: unknown): readonly unknown[] {
  if (items === undefined || items === null) return [];
  if (Array.isArray(items)) return items as readonly unknown[];
  throw new ShapeError(`Licenses: expected a list; got ${quoted(items)}`);
}

/** An empty string ends the list just as a missing token does: AWS's own code sends it as "from the start". */
function tokenOf(nextToken: unknown): string | undefined {
  if (nextToken === undefined || nextToken === null || nextToken === '') return undefined;
  if (typeof nextToken === 'string') return nextToken;
  throw new ShapeError(`NextToken: expected a string; got ${quoted(nextToken)}`);
}
