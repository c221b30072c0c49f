import type { BuyerBook } from '../../domain/ports.ts';
import type { RegisteredBuyer } from '../../domain/registration/buyer.ts';
import { WHOLE_LINE } from '../../domain/registration/place.ts';

/** From the index, so without the invitations and notices that a scan would read. Throws at a profile that cannot be read. */
export async function* activeBuyers(
  buyers: Pick<BuyerBook, 'range'>,
): AsyncIterable<RegisteredBuyer> {
  for await (const each of buyers.range(WHOLE_LINE)) {
    if (each.buyer === null) throw new Error(each.problem);
    if (each.buyer.status === 'active') yield each.buyer;
  }
}
