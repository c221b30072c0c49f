import type { Instant } from '../../../../domain/time.ts';
import { cleanText } from '../../../../mail/clean-text.ts';
import { purchaseInShort } from '../../../../mail/purchase-words.ts';
import type { Io } from '../../io.ts';
import { bold } from '../../output/paint.ts';
import { table } from '../../output/table.ts';
import type { ContractRow } from './row.ts';

const COLUMNS = ['ACCOUNT', 'NAME', 'PRODUCT', 'BOUGHT', 'ENDS', 'DAYS', 'STANDING', 'STARTS'];
const SHRINK = [1, 2, 3];

export function list(rows: readonly ContractRow[], now: Instant, io: Io): readonly string[] {
  const [head = '', ...lines] = table(
    COLUMNS,
    rows.map((row) => cells(row, now)),
    SHRINK,
    io.width,
  );
  return [bold(head, io), ...lines];
}

/** The verdict follows from the standing, unless it is unknown: that is said by a question mark. */
function cells(
  { account, buyer, product, head, end, days, standing, verdict, start }: ContractRow,
  now: Instant,
) {
  return [
    account,
    cleanText(buyer.name),
    cleanText(product),
    purchaseInShort(head.state, now) || '-',
    end?.slice(0, 10) ?? (head.state.length === 0 ? '-' : 'no end'),
    days === null ? '-' : String(days),
    `${standing}${verdict === 'unknown' ? '?' : ''}`,
    start.answer,
  ];
}
