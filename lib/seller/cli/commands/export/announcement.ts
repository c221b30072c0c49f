import { AWS_COUNTS } from '../../aws-sentences.ts';
import type { Extent } from '../../../../domain/ledger/archive.ts';
import { PRICES } from '../../../prices.ts';
import { spoken } from '../../output/time.ts';
import { wrapped } from '../../output/table.ts';
import type { Selection } from './selection.ts';

/** What a scan of the whole table comes to. */
export interface ScanCost {
  readonly items: number;
  readonly bytes: number;
  readonly readUnits: number;
  readonly dollars: number;
}

const KB = 1024;

/** A scan is paid by what it reads: half a read unit for each 4 KB, as it need not be consistent. */
export function scanCost({ items, bytes }: Extent): ScanCost {
  const readUnits = Math.ceil(bytes / (4 * KB)) / 2;
  return { items, bytes, readUnits, dollars: readUnits * PRICES.dynamoDbReadUnit };
}

/** What is about to be read. `cost`: of the scan, where it is one. */
export function announcement(selection: Selection, cost: ScanCost | null): readonly string[] {
  if (cost !== null) return wrapped(scanWords(cost));
  switch (selection.kind) {
    case 'everything':
      return [];
    case 'ledgers': {
      const { contracts, since } = selection;
      const from = since === null ? '' : `, and leaves out what was seen before ${spoken(since)}`;
      return wrapped(
        `This queries ${contracts.length} ledger${contracts.length === 1 ? '' : 's'}${from}; no scan.`,
      );
    }
    case 'since': {
      const products = selection.productIds.join(', ');
      return wrapped(
        `This queries the index by product and month since ${spoken(selection.since)} for ${products === '' ? 'no product' : products}, and the facts of delivery of each entry found; no scan.`,
      );
    }
  }
}

function scanWords({ items, bytes, readUnits, dollars }: ScanCost): string {
  return `This scans the whole audit table: ${number(items)} items, ${size(bytes)}, ${AWS_COUNTS}. That takes about ${number(readUnits)} read request units, $${money(dollars)} at the list price of us-east-1 ($${(PRICES.dynamoDbReadUnit * 1e6).toString()} per million). With --since, --product or --account it is no scan.`;
}

function number(value: number): string {
  return Math.ceil(value).toLocaleString('en-US');
}

function size(bytes: number): string {
  if (bytes < KB * KB) return `${number(bytes / KB)} KB`;
  return `${(bytes / KB / KB).toLocaleString('en-US', { maximumFractionDigits: 1 })} MB`;
}

/** Never `0.00` for what costs something. */
function money(dollars: number): string {
  return dollars >= 0.01 || dollars === 0 ? dollars.toFixed(2) : dollars.toFixed(6);
}
