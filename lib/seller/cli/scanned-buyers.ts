import type { BuyerChoice, KnownBuyer } from '../ledger/archive.ts';
import type { TellUnreadable } from '../../domain/ports.ts';
import type { Io, Watcher } from './io.ts';
import { CommandFailure } from './output/failure.ts';
import { progressOf } from './output/progress.ts';

/** Reads all buyers in one scan, and shows the progress on a terminal. */
export async function scannedBuyers(
  choice: Omit<BuyerChoice, 'scanned'>,
  { register }: Pick<Watcher, 'register'>,
  io: Io,
  unreadable?: TellUnreadable,
): Promise<readonly KnownBuyer[]> {
  const total = io.progress ? (await register.extent()).items : undefined;
  const progress = progressOf('items of the watch table', total, io);
  const scanned = (items: number) => {
    if (io.interrupted.aborted) throw new CommandFailure('interrupted: not everything was read');
    progress.advance(items);
  };
  return register.everyBuyer({ ...choice, scanned }, unreadable).finally(progress.clear);
}
