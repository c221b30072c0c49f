import type { License } from '../../domain/license/contract.ts';
import type { Product } from '../../domain/license/product.ts';
import { asListed } from '../../domain/check/doubts.ts';
import type { ReadVersions } from '../../domain/check/versions-between.ts';
import { type FailedObservation, UNFINISHED } from '../../domain/check/observation.ts';
import { describe, failedObservation } from '../judge.ts';
import { cleanText, quoted } from '../../domain/outside-text.ts';
import { sideBySide } from '../../domain/side-by-side.ts';
import type { LicenseManager, Page } from './calls.ts';
import {
  parseIdentity,
  parseReceived,
  parseTerms,
  ShapeError,
  type Identity,
  type Received,
} from './parse-license.ts';
import { LICENSE_MANAGER_ERRORS } from './errors.ts';

/** What the reads of one look found. */
export interface Reads {
  readonly kind: 'read';
  readonly licenses: readonly License[];
  readonly foreign: readonly string[];
}

/** Anybody can issue licenses under the seller's SKU: a thousand of them must not fill a ledger entry, and some say it all. */
const MOST_FOREIGN = 10;

/** Licenses that are read at the same time, and the usage of as many. How close they follow each other: `spacingOf`. */
export const AT_ONCE = 4;
/** Whoever has read so many was not stopped by AWS's slowness alone. */
const MANY = 50;

/** No look of this length ever reads them all: that is none of AWS's troubles, and does not pass. */
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
  /** Over, and not worth more than that. */
  | { readonly kind: 'over' }
  | FailedObservation;

/**
 * Reads every license of the product's SKUs. A call that fails and a license that cannot be read whole are the failure of
 * the look: what they hide may be the renewal of a license that ends today.
 */
export async function readLicenses(
  manager: LicenseManager,
  product: Product,
  signal: AbortSignal,
): Promise<Reads | FailedObservation> {
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
      // The list may move between two pages and show a license twice: its last sight counts.
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
 * GetLicense is asked where the grant is active and the license not over. Elsewhere the list says enough, and
 * whether AWS answers GetLicense for a grant not yet accepted is unknown: a refusal there must not look like blindness.
 */
function isOver({ status }: Received): boolean {
  return status === 'EXPIRED' || status === 'DELETED' || status === 'PENDING_DELETE';
}

/**
 * What the list says of a license. Undefined: it has no shape; of the remains of one that is over, or where GetLicense has all
 * of it, that must not blind us.
 */
function terms(item: unknown, received: Received): License | undefined {
  try {
    return parseTerms(item, received);
  } catch (error) {
    if (error instanceof ShapeError) return undefined;
    throw error;
  }
}

/**
 * The grant's state comes from the list; of version, status, validity and entitlements both tell, and which is believed where
 * they do not say the same is no matter of reading.
 */
async function readOne(
  manager: LicenseManager,
  item: unknown,
  { licenseArn, productSku, issuerFingerprint }: Identity,
  received: Received,
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

/** 1,000 licenses of one product in one account: whoever has more is read wrongly, not slowly. */
const MOST_PAGES = 10;

/**
 * All received licenses of one SKU, or all versions of one license, unparsed. An empty page with a NextToken is not the end. Throws
 * `ShapeError` where the answer is no list, or does not end.
 */
async function allPages(
  operation: string,
  pageOf: (nextToken: string | undefined) => Promise<Page>,
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
 * One license in all its versions. Tolerant on purpose: AWS lists ListLicenseVersions among the issuer's permissions and may deny
 * it to a buyer, which is as good as normal; a version that cannot be read is as one that is not there.
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

/** AWS keeps versions of a license, not of its grant. */
const GRANT_UNKNOWN: Omit<Received, 'status'> = {
  receivedStatus: 'ACTIVE',
  allowedOperations: null,
};

function listOf(items: unknown): readonly unknown[] {
  if (items === undefined || items === null) return [];
  if (Array.isArray(items)) return items as readonly unknown[];
  throw new ShapeError(`Licenses: expected a list; got ${quoted(items)}`);
}

/** The empty string ends a list as nothing does: AWS's own code sends it as "from the start". */
function tokenOf(nextToken: unknown): string | undefined {
  if (nextToken === undefined || nextToken === null || nextToken === '') return undefined;
  if (typeof nextToken === 'string') return nextToken;
  throw new ShapeError(`NextToken: expected a string; got ${quoted(nextToken)}`);
}
