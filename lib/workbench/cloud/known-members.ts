import { AwsFault } from './fault.ts';

/** Refuses by its name what an operation would otherwise pass over in silence. */
export function requireKnownMembers(
  operation: string,
  given: Iterable<string>,
  known: readonly string[],
): void {
  const unknown = [...given].filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  throw new AwsFault(
    'NotImplemented',
    `the local cloud's ${operation} knows ${known.join(', ') || 'no parameters'}; it cannot honor ${unknown.join(', ')}`,
    501,
  );
}
