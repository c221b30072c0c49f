import { PRICES } from '../../prices.ts';
import type { Reads } from '../../aws/reads.ts';
import { several } from '../../../mail/dates.ts';

/** Below that, nobody wants to hear of it. */
const WORTH_SAYING = 100;

/** What a command read of the tables, where that was a whole table or much; else nothing. */
export function readWords({ calls, scans, units }: Reads): string {
  if (units === 0 || (scans === 0 && units < WORTH_SAYING)) return '';
  return `Read ${several(Math.ceil(units), 'read request unit')} in ${several(calls, 'call')}: about $${money(units * PRICES.dynamoDbReadUnit)}.\n`;
}

/** Never `0.00` for what costs something. */
export function money(dollars: number): string {
  return dollars >= 0.01 || dollars === 0 ? dollars.toFixed(2) : Math.max(dollars, 1e-6).toFixed(6);
}
