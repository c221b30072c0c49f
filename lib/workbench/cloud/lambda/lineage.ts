import { createHash } from 'node:crypto';

/**
 * The limit of Lambda's recursive loop detection (developer guide, "Use Lambda recursive loop detection to prevent infinite loops"). The
 * X-Ray header says how often a chain of messages went through a function; the SDK copies it from the function's environment to its calls,
 * and SQS to its messages. Lambda stops the chain after "approximately 16" invocations.
 */
export const MOST_ROUNDS = 16;

/** How often the chain of this header has invoked the function. */
export function roundsOf(header: string | undefined, functionArn: string): number {
  return lineageOf(header).get(keyOf(functionArn)) ?? 0;
}

/** The header of an invocation for messages with these headers: the longest of their chains, plus one round. */
export function nextRound(headers: readonly (string | undefined)[], functionArn: string): string {
  const lineage = new Map<string, number>();
  for (const header of headers)
    for (const [key, rounds] of lineageOf(header))
      lineage.set(key, Math.max(rounds, lineage.get(key) ?? 0));
  const own = keyOf(functionArn);
  lineage.set(own, (lineage.get(own) ?? 0) + 1);
  const chains = [...lineage].map(([key, rounds]) => `${key}:${rounds}`);
  return `Root=1-00000000-000000000000000000000000;Lineage=${chains.join('|')}`;
}

function lineageOf(header = ''): ReadonlyMap<string, number> {
  const chains = /(?:^|;)Lineage=([^;]*)/.exec(header)?.[1]?.split('|') ?? [];
  return new Map(
    chains.map((chain) => {
      const [key = '', rounds] = chain.split(':');
      return [key, Number(rounds)];
    }),
  );
}

function keyOf(functionArn: string): string {
  return createHash('sha256').update(functionArn).digest('hex').slice(0, 8);
}
