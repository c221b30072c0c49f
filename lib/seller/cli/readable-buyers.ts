import { PROFILE } from '../../aws/dynamodb/keys.ts';
import type { BuyerBook, TellUnreadable } from '../../domain/ports.ts';
import type { RegisteredBuyer } from '../../domain/registration/buyer.ts';
import { WHOLE_LINE } from '../../domain/registration/place.ts';
import { cleanText } from '../../domain/outside-text.ts';
import { StoredShapeError } from '../../messages/stored.ts';

/** The profiles as a command reads them: one that cannot be read does not hide the others. */
export interface ReadableBuyers extends Pick<BuyerBook, 'find' | 'list' | 'put'> {
  /** As `find`, but undefined if the profile cannot be read. For callers that ask for several buyers. */
  readonly findReadable: BuyerBook['find'];
  /** Reads the index, so not the invitations and notices that a scan would read. */
  readonly active: () => AsyncIterable<RegisteredBuyer>;
}

/** `passedOver` is told of each profile that cannot be read, unless the caller of `list` gives its own callback. */
export function readableBuyers(
  book: Pick<BuyerBook, 'find' | 'list' | 'put' | 'range'>,
  passedOver: TellUnreadable,
): ReadableBuyers {
  return {
    find: (account) => book.find(account),
    put: (...given) => book.put(...given),
    list: (unreadable = passedOver) => book.list(unreadable),

    findReadable: async (account) => {
      try {
        return await book.find(account);
      } catch (error) {
        if (!(error instanceof StoredShapeError)) throw error;
        const problem = cleanText(error.message, 600);
        passedOver({ buyer: account, record: PROFILE, problem });
        return undefined;
      }
    },

    async *active() {
      for await (const each of book.range(WHOLE_LINE)) {
        if (each.buyer === null)
          passedOver({ buyer: each.place, record: PROFILE, problem: each.problem });
        else if (each.buyer.status === 'active') yield each.buyer;
      }
    },
  };
}
