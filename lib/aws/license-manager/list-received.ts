import { quoted } from '../one-line.ts';
import type { LicenseManager } from './calls.ts';
import { ShapeError } from './parse-license.ts';

/** 1,000 licenses of one product in one account: whoever has more is read wrongly, not slowly. */
const MOST_PAGES = 10;

/**
 * All received licenses of one SKU, unparsed. An empty page with a NextToken is not the end. Throws `ShapeError` where
 * the answer is no list, or does not end.
 */
export async function listReceived(
  manager: Pick<LicenseManager, 'listReceived'>,
  productSku: string,
  signal: AbortSignal,
): Promise<readonly unknown[]> {
  const licenses: unknown[] = [];
  let token: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const { items, nextToken } = await manager.listReceived(productSku, token, signal);
    licenses.push(...listOf(items));
    token = tokenOf(nextToken);
    if (token === undefined) return licenses;
  }
  throw new ShapeError(`ListReceivedLicenses did not end: got ${MOST_PAGES} pages and a NextToken`);
}

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
