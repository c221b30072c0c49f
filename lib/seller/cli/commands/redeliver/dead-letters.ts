import { CLOUDFORMATION_GAVE_UP } from '../../aws-sentences.ts';
import type { DeadLetterQueue } from '../../../aws/dead-letters.ts';
import type { Watcher } from '../../io.ts';
import { explain } from '../../output/explain.ts';

/** A queue with dead letters, and what became of them. */
export interface Emptied {
  /** Null: the queues could not even be looked at. */
  readonly queue: DeadLetterQueue | null;
  readonly outcome: 'moved' | 'possible' | 'left' | 'failed';
  /** In words: what they are, and why they are moved or left. */
  readonly why: string;
  readonly trouble: string | null;
}

/** Whether what a queue gave up is still wanted. Only what reads a mark before it does anything may come again. */
const STILL_WANTED: Readonly<
  Record<DeadLetterQueue['content'], { readonly move: boolean; readonly why: string }>
> = {
  notices: {
    move: true,
    why: 'what was told since is not told again; what comes back here is malformed, see docs/runbook.md',
  },
  checks: {
    move: false,
    why: 'every sweep since has asked for these buyers anew; a check that is late is dropped',
  },
  ticks: {
    move: false,
    why: 'the next tick swept instead',
  },
  registrations: {
    move: false,
    why: CLOUDFORMATION_GAVE_UP,
  },
};

/** Queues in which nothing lies are left out. */
export async function deadLettersOf(
  { deadLetters }: Watcher,
  dryRun: boolean,
): Promise<readonly Emptied[]> {
  let queues: readonly DeadLetterQueue[];
  try {
    queues = await deadLetters.list();
  } catch (error) {
    const why = 'the dead letters of the queues could not be counted';
    return [{ queue: null, outcome: 'failed', why, trouble: `${why}: ${explain(error).message}` }];
  }
  const emptied: Emptied[] = [];
  for (const queue of queues.filter(({ waiting }) => waiting > 0)) {
    const { move, why } = STILL_WANTED[queue.content];
    if (!move) emptied.push({ queue, outcome: 'left', why, trouble: null });
    else if (dryRun) emptied.push({ queue, outcome: 'possible', why, trouble: null });
    else emptied.push(await moved(queue, why));
  }
  return emptied;

  async function moved(queue: DeadLetterQueue, why: string): Promise<Emptied> {
    try {
      await deadLetters.moveBack(queue);
      return { queue, outcome: 'moved', why, trouble: null };
    } catch (error) {
      const trouble = `the dead letters of the ${queue.content} queue could not be moved back: ${explain(error).message}`;
      return { queue, outcome: 'failed', why, trouble };
    }
  }
}
