import type { BuyerBook } from '../../domain/ports.ts';
import type { RegisteredBuyer } from '../../domain/registration/buyer.ts';
import { WHOLE_LINE } from '../../domain/registration/place.ts';
import { cleanText } from '../../domain/outside-text.ts';
import { StoredShapeError } from '../../messages/stored.ts';

/** The profiles as a command reads them: one that cannot be read hides no other. */
export interface ReadableBuyers extends Pick<BuyerBook, 'find' | 'list' | 'put'> {
  /** Undefined also where the profile cannot be read: for whoever asks for several. */
  readonly findReadable: BuyerBook['find'];
  /** From the index, so without the invitations and notices that a scan would read. */
  readonly active: () => AsyncIterable<RegisteredBuyer>;
}

/** `passedOver` is told what is wrong with each profile that cannot be read, unless whoever lists them asks to be told. */
export function readableBuyers(
  book: Pick<BuyerBook, 'find' | 'list' | 'put' | 'range'>,
  passedOver: (problem: string) => void,
): ReadableBuyers {
  return {
    find: (account) => book.find(account),
    put: (...given) => book.put(...given),
    list: (
      unreadable = ({ problem }) => {
        passedOver(problem);
      },
    ) => book.list(unreadable),

    findReadable: async (account) => {
      try {
        return await book.find(account);
      } catch (error) {
        if (!(error instanceof StoredShapeError)) throw error;
        passedOver(cleanText(error.message, 600));
        return undefined;
      }
    },

    async *active() {
      for await (const each of book.range(WHOLE_LINE)) {
        if (each.buyer === null) passedOver(each.problem);
        else if (each.buyer.status === 'active') yield each.buyer;
      }
    },
  };
}
