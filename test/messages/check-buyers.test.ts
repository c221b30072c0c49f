import { describe, expect, it } from 'vitest';
import { buyerToCheck, checkBuyers } from '../../lib/messages/check-buyers.ts';
import { aBuyer, aRegistration, NOW } from '../support/records.ts';

describe('what a check is told of a buyer', () => {
  it.each([
    [null, undefined],
    [
      [60, -1],
      [60, -1],
    ],
  ])('of chosen reminder days %j: %j, after the queue as before', (reminderDays, expected) => {
    const registration = aRegistration({ reminderDays });
    const contracts = [{ productId: 'design-suite', digest: null, nextDue: null }];
    const buyer = buyerToCheck({ ...aBuyer(), registration }, contracts);
    const message = { format: 1, tick: NOW, checkId: 'check-1', visibleAt: NOW, buyers: [buyer] };
    const [read] = checkBuyers.parse(JSON.parse(JSON.stringify(message))).buyers;
    expect(read?.reminderDays).toEqual(expected);
    expect(read).toEqual(buyer);
  });
});
