import { refuse } from './errors.ts';
import { digest } from './ids.ts';
import type { Call } from './operation.ts';
import type { World } from './state.ts';
import { MINUTE } from './times.ts';

/** AWS does not say for how long it remembers a client token; a day is common among its services. */
const REMEMBERED_FOR = 24 * 60 * MINUTE;

/** The earlier answer to the same client token of this account and operation, and whether the question was the same. */
export function remembered(
  operationName: string,
  input: { readonly ClientToken: string },
  { accountId, now, world }: Call,
): { readonly answer: Record<string, unknown>; readonly same: boolean } | undefined {
  forget(world, now);
  const earlier = world.remembered.get(key(accountId, operationName, input.ClientToken));
  return earlier && { answer: earlier.answer, same: earlier.question === questionOf(input) };
}

export function remember(
  operationName: string,
  input: { readonly ClientToken: string },
  answer: Record<string, unknown>,
  { accountId, now, world }: Call,
): void {
  const entry = { at: now, question: questionOf(input), answer };
  const place = key(accountId, operationName, input.ClientToken);
  world.remembered.delete(place);
  world.remembered.set(place, entry);
}

/** Creates once per client token: a repeat gets the first answer, another question under the same token is refused. */
export function once(
  operationName: string,
  input: { readonly ClientToken: string },
  call: Call,
  create: () => Record<string, unknown>,
): Record<string, unknown> {
  const earlier = remembered(operationName, input, call);
  if (earlier?.same === true) return earlier.answer;
  if (earlier !== undefined) {
    // Which error AWS gives is unknown; ValidationException is declared by every creating operation.
    refuse(
      'ValidationException',
      `ClientToken '${input.ClientToken}' was used with other parameters`,
    );
  }
  const answer = create();
  remember(operationName, input, answer, call);
  return answer;
}

function key(accountId: string, operationName: string, clientToken: string): string {
  return `${accountId} ${operationName} ${clientToken}`;
}

function questionOf(input: object): string {
  return digest(JSON.stringify(input));
}

function forget(world: World, now: number): void {
  for (const [place, { at }] of world.remembered) {
    if (now - at < REMEMBERED_FOR) return;
    world.remembered.delete(place);
  }
}
