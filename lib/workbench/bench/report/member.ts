import type { Buyer } from '../../../domain/registration/buyer.ts';
import { contractKey } from '../../../domain/license/contract.ts';
import { DAY, type Instant, plus } from '../../../domain/time.ts';
import { phasesOf, PRODUCTS, watchedFrom } from './lives.ts';
import { historyOf, type History } from './history.ts';

/** A buyer with all its records in the tables. */
export interface Member extends History {
  readonly buyer: Buyer;
}

export function memberOf(index: number, name: string, since: Instant, now: Instant): Member {
  const of = PRODUCTS[index % PRODUCTS.length];
  if (of === undefined) throw new Error('there is no product');
  const buyerAccountId = accountOf(index);
  const start = plus(since, (1 + (index % 40)) * DAY);
  // The last of every twenty buyers was invited and has not launched the stack yet.
  const phases = index % 20 === 19 ? [] : watchedFrom(start, phasesOf(index, of, start));
  const { head, lastSeen, ledger, notices } = historyOf(
    index,
    { buyerAccountId, name },
    of,
    phases,
    now,
  );
  const registration = {
    stackId: `arn:aws:cloudformation:us-east-1:${buyerAccountId}:stack/license-watcher/0a1b2c3d`,
    roleArn: `arn:aws:iam::${buyerAccountId}:role/license-watcher-buyer/reader`,
    noticeTopicArn: `arn:aws:sns:us-east-1:${buyerAccountId}:notices`,
    ...{ templateVersion: 1, probe: true, shareUsage: true, registeredAt: start, selfTest: 'ok' },
    ...{ addresses: [`it@buyer-${index}.example`], reminderDays: null },
  };
  const buyer: Buyer = {
    ...{
      buyerAccountId,
      name,
      productIds: [of.id],
      externalId: `external-id-${index}`,
      invitedAt: plus(start, -DAY),
    },
    status:
      phases.length === 0
        ? 'invited'
        : head !== null && head.watchEnded !== null
          ? 'left'
          : 'active',
    registration: phases.length === 0 ? null : registration,
  };
  return { buyer, head, lastSeen, ledger, notices };
}

/** The member with this index, or a copy of another member's history: its entries fit its contract, their hashes do not. */
export function likeOf(index: number, name: string, histories: readonly Member[]): Member {
  const own = histories[index];
  if (own !== undefined) return own;
  const { buyer, head, lastSeen, ledger, notices } =
    histories[index % histories.length] ?? histories[0] ?? nobody();
  const buyerAccountId = accountOf(index);
  const mine = { contract: contractKey(buyerAccountId, buyer.productIds[0] ?? '') };
  return {
    buyer: { ...buyer, buyerAccountId, name },
    head: head === null ? null : { ...head, ...mine },
    lastSeen,
    ledger: ledger.map((entry) => ({ ...entry, ...mine, buyerAccountId, buyerName: name })),
    notices: notices.map((notice) => ({ ...notice, ...mine })),
  };
}

function nobody(): never {
  throw new Error('there is nobody in the fleet');
}

function accountOf(index: number): string {
  return String(200_000_000_000 + index * 7);
}
