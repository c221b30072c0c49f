import { PRICES } from '../../prices.ts';
import type { Reads } from '../../aws/reads.ts';
import { several } from '../../report/view/words.ts';

/** Below that, nobody wants to hear of it. */
const WORTH_SAYING = 100;

/** What a command read of the tables, where that was a whole table or much; else nothing. */
export function readWords({ calls, scans, units }: Reads): string {
  if (units === 0 || (scans === 0 && units < WORTH_SAYING)) return '';
  return `Read ${many(units, 'read request unit')} in ${many(calls, 'call')}: about $${money(units * PRICES.dynamoDbReadUnit)}.\n`;
}

/** `1 call`, `1,200 calls`; of a part, the whole above it. */
export function many(count: number, what: string): string {
  return several(Math.ceil(count), what);
}

export function number(value: number): string {
  return Math.ceil(value).toLocaleString('en-US');
}

/** Never `0.00` for what costs something. */
export function money(dollars: number): string {
  return dollars >= 0.01 || dollars === 0 ? dollars.toFixed(2) : Math.max(dollars, 1e-6).toFixed(6);
}
