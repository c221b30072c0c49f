import type { Notice } from '../../lib/domain/notice/notice.ts';
import { HOUR, plus } from '../../lib/domain/time.ts';
import type { Dependencies } from './dependencies.ts';
import { supersede } from './marks.ts';

/**
 * A seller who is asked to tell a buyer what could not be delivered need not, where somebody has had it taken up again: once it
 * reached the buyer the question is taken off the list, and until it did or died again it waits.
 */
export async function isStillAsked(notice: Notice, dependencies: Dependencies): Promise<boolean> {
  if (notice.about !== 'undelivered') return true;
  const { notices, now } = dependencies;
  const { contract, entry } = notice;
  const toBuyer = await notices.find({ contract, entry, audience: 'buyer' });
  switch (toBuyer?.state) {
    case undefined:
    case 'undeliverable':
      return true;
    case 'settling':
    case 'waiting':
    case 'due': {
      const reason =
        'the notice to the buyer was taken up again: asked of the seller only if it dies again';
      await notices.settle(
        notice,
        { state: 'waiting', notBefore: plus(now(), HOUR), reason },
        null,
      );
      return false;
    }
    case 'told':
    case 'superseded':
    case 'withdrawn':
      await supersede(
        notice,
        `taken up again, the notice to the buyer is ${toBuyer.state} by now`,
        dependencies,
      );
      return false;
  }
}
