import type { Instant } from '../../../../domain/time.ts';
import { knownPurchase, purchaseInFull } from '../../../../mail/purchase-words.ts';
import { unrecordedForm } from '../buyers/blind.ts';
import { isLapsed, type ContractRow } from './row.ts';

/** The machine's form: members are added, never renamed or removed. */
export function machineForm(row: ContractRow, now: Instant) {
  const {
    account,
    buyer,
    product,
    head,
    end,
    days,
    gap,
    standing,
    verdict,
    start,
    isLookedAt,
    unrecorded,
  } = row;
  const { tiers, counts } = knownPurchase(head.state, now);
  return {
    account,
    name: buyer.name,
    product,
    tiers,
    counts,
    bought: purchaseInFull(head.state, head.usage, now),
    usage: head.usage,
    end,
    daysLeft: days,
    lapsed: isLapsed(row),
    gap,
    standing,
    verdict,
    wouldStart: start,
    lastCheckout: head.lastProbe,
    lookedAt: isLookedAt,
    lastConfirmed: head.lastConfirmed,
    blind:
      head.blind === null
        ? null
        : { cause: head.blind.cause, since: head.blind.since, detail: head.blind.detail },
    licenses: head.state,
    unrecorded: unrecordedForm(unrecorded),
  };
}
