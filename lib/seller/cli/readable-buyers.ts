import type { BuyerBook, UnreadableItem } from '../../domain/ports.ts';
import type { RegisteredBuyer } from '../../domain/registration/buyer.ts';
import { WHOLE_LINE } from '../../domain/registration/place.ts';
import { cleanText } from '../../domain/outside-text.ts';
import { StoredShapeError } from '../../messages/stored.ts';

/** Is told of an item that cannot be read, and that a command passes over. */
export type PassOver = (item: Pick<UnreadableItem, 'problem'>) => void;

/** The profiles as a command reads them: one that cannot be read does not hide the others. */
export interface ReadableBuyers extends Pick<BuyerBook, 'find' | 'list' | 'put'> {
  /** As `find`, but undefined if the profile cannot be read. For callers that ask for several buyers. */
  readonly findReadable: BuyerBook['find'];
  /** Reads the index, so not the invitations and notices that a scan would read. */
  readonly active: () => AsyncIterable<RegisteredBuyer>;
}

/** `passOver` is told of each profile that cannot be read, unless the caller of `list` gives its own callback. */
export function readableBuyers(
  book: Pick<BuyerBook, 'find' | 'list' | 'put' | 'range'>,
  passOver: PassOver,
): ReadableBuyers {
  return {
    find: (account) => book.find(account),
    put: (...given) => book.put(...given),
    list: (unreadable = passOver) => book.list(unreadable),
    findReadable: readableOf((account: string) => book.find(account), passOver),

    async *active() {
      for await (const each of book.range(WHOLE_LINE)) {
        if (each.buyer === null) passOver(each);
        else if (each.buyer.status === 'active') yield each.buyer;
      }
    },
  };
}

/** Finds an item. One that cannot be read counts as none, and is passed over. */
export function readableOf<Key, Read>(
  find: (key: Key) => Promise<Read | undefined>,
  passOver: PassOver,
): (key: Key) => Promise<Read | undefined> {
  return async (key) => {
    try {
      return await find(key);
    } catch (error) {
      if (!(error instanceof StoredShapeError)) throw error;
      passOver({ problem: cleanText(error.message, 600) });
      return undefined;
    }
  };
}
