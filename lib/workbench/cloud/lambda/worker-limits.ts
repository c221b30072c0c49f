import type { ResourceLimits } from 'node:worker_threads';

/** The options of NODE_OPTIONS that say how a heap is sized, and what a worker calls them. */
const OLD_SPACE = /^--max[-_]old[-_]space[-_]size=(\d+)$/;
const SEMI_SPACE = /^--max[-_]semi[-_]space[-_]size=(\d+)$/;

/** Lambda's Node.js runtime gives the heap about nine tenths of the function's memory. */
const HEAP_SHARE = 0.9;

/**
 * What a worker thread takes of a function's memory and NODE_OPTIONS. Heap sizes become the worker's limits, because as options they
 * belong to the whole process; all else is handed on, and Node.js itself refuses what a thread cannot have.
 */
export function workerLimits(
  memoryMb: number,
  nodeOptions: string,
): { readonly resourceLimits: ResourceLimits; readonly execArgv: string[] } {
  const options = nodeOptions.split(/\s+/).filter((option) => option !== '');
  const oldSpace = sizeOf(options, OLD_SPACE) ?? Math.floor(memoryMb * HEAP_SHARE);
  const semiSpace = sizeOf(options, SEMI_SPACE);
  return {
    // The young generation is made of three semi-spaces.
    resourceLimits: {
      maxOldGenerationSizeMb: oldSpace,
      ...(semiSpace !== undefined && { maxYoungGenerationSizeMb: 3 * semiSpace }),
    },
    execArgv: options.filter((option) => !OLD_SPACE.test(option) && !SEMI_SPACE.test(option)),
  };
}

function sizeOf(options: readonly string[], pattern: RegExp): number | undefined {
  const found = options
    .map((option) => pattern.exec(option)?.[1])
    .find((size) => size !== undefined);
  return found === undefined ? undefined : Number(found);
}
