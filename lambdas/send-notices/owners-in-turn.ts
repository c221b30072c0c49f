import type { FailedOwner } from '../../lib/domain/ports.ts';
import { between, DAY } from '../../lib/domain/time.ts';
import type { Dependencies } from './dependencies.ts';
import { attempt, readableOrNull } from './pending-notices.ts';

/**
 * The most owners who get their lines beside one mail: their mails are half a second apart, and must be out before the notices are marked.
 */
export const MOST_OWNERS = 20;
/** The places beside these that only owners have whose last mail failed: nobody waits for them, and they are tried again all the same. */
const RETRIED = 5;
/** How long a failure is remembered, for an owner of whom nothing is told any more. */
const REMEMBERED = 30 * DAY;

export interface OwnersInTurn {
  /** First those whose last mail did not fail, in the order given; then the others, the one that failed longest ago first. */
  readonly inTurn: (owners: Iterable<string>) => readonly string[];
  /** As many of them as get a mail beside one mail. */
  readonly next: (owners: Iterable<string>) => readonly string[];
  /** Sends a mail. If that fails, adds the error to `errors`, and remembers the failure of an owner. */
  readonly tell: (
    owner: string | undefined,
    errors: unknown[],
    send: () => Promise<void>,
  ) => Promise<void>;
}

/** Decides whose turn it is, so that no owner who can be told waits for one who cannot. */
export async function ownersInTurn(dependencies: Dependencies): Promise<OwnersInTurn> {
  const { ticks, now } = dependencies;
  const known = (await readableOrNull(() => ticks.failedOwners(), dependencies)) ?? [];
  let failed = known.filter(({ at }) => between(at, now()) < REMEMBERED);
  const parted = (owners: Iterable<string>) => {
    const all = [...new Set(owners)];
    const again = failed.map(({ owner }) => owner).filter((owner) => all.includes(owner));
    return { fresh: all.filter((owner) => !again.includes(owner)), again };
  };
  return {
    inTurn: (owners) => {
      const { fresh, again } = parted(owners);
      return [...fresh, ...again];
    },

    next: (owners) => {
      const { fresh, again } = parted(owners);
      const first = fresh.slice(0, MOST_OWNERS);
      return [...first, ...again.slice(0, MOST_OWNERS + RETRIED - first.length)];
    },

    tell: async (owner, errors, send) => {
      const isTold = await attempt(errors, async () => {
        await send();
        return true;
      });
      if (owner === undefined) return;
      const others = failed.filter((each) => each.owner !== owner);
      if (isTold === true && others.length === failed.length) return;
      const after: readonly FailedOwner[] =
        isTold === true ? others : [...others, { owner, at: now() }];
      failed = [...after];
      await attempt(errors, () => ticks.keepFailedOwners(failed));
    },
  };
}
