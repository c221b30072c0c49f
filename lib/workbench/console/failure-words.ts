import { inspect } from 'node:util';
import { cleanText } from '../../domain/outside-text.ts';

const LONGEST = 600;
const DEEPEST = 4;

/** What went wrong, with its causes, as one line for the page. */
export function wordsOf(error: unknown): string {
  return cleanText(chain(error, DEEPEST).join(': '), LONGEST);
}

function chain(error: unknown, depth: number): readonly string[] {
  if (error === undefined || depth === 0) return [];
  return error instanceof Error
    ? [error.message, ...chain(error.cause, depth - 1)]
    : [inspect(error)];
}
