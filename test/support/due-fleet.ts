import { contractKey, type ContractKey } from '../../lib/domain/license/contract.ts';
import type { Notice } from '../../lib/domain/notice/notice.ts';
import type { WatchStore } from '../../lib/domain/ports.ts';
import {
  aBuyer,
  aDecision,
  aHead,
  anEntry,
  aNotice,
  aRegistration,
  REGISTERED,
} from './records.ts';

function topicOf(buyerAccountId: string): string {
  return `arn:aws:sns:us-east-1:${buyerAccountId}:notices`;
}

export function accounts(buyers: number): readonly string[] {
  return Array.from({ length: buyers }, (_, n) => String(300000000000 + n));
}

/** Watched buyers, each with notices of its first entry: by default one to the buyer, due at once. */
export async function dueFleet(
  store: WatchStore,
  buyerAccountIds: readonly string[],
  notices: (contract: ContractKey, n: number) => readonly Notice[] = (contract) => [
    aNotice({ contract }),
  ],
  productIds: readonly string[] = ['design-suite'],
): Promise<readonly ContractKey[]> {
  const contracts: ContractKey[] = [];
  for (const [n, buyerAccountId] of buyerAccountIds.entries()) {
    const registration = aRegistration({ noticeTopicArn: topicOf(buyerAccountId) });
    await store.buyers.put(
      aBuyer({ buyerAccountId, productIds, registration }),
      undefined,
      REGISTERED,
    );
    for (const productId of productIds) {
      const contract = contractKey(buyerAccountId, productId);
      const [head, entry] = [aHead({ contract }), anEntry({ contract })];
      const decision = aDecision({ head, entry, notices: notices(contract, n) });
      if (!(await store.contracts.record(decision, entry, head, undefined)))
        throw new Error(`${contract} was not recorded`);
      contracts.push(contract);
    }
  }
  return contracts;
}
