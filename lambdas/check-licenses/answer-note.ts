import type { Observation } from '../../lib/domain/check/observation.ts';
import { performCheck } from '../../lib/domain/check/perform-check.ts';
import { type NoteAuthor, textHash } from '../../lib/domain/ledger/note.ts';
import { contractKey } from '../../lib/domain/license/contract.ts';
import { quoted } from '../../lib/domain/outside-text.ts';
import type { Buyer } from '../../lib/domain/registration/buyer.ts';
import type { ContractBook, TickBook } from '../../lib/domain/ports.ts';
import type {
  NoteAnswer,
  NoteRequest,
  Refusal,
  SignedIdentity,
} from '../../lib/messages/requests.ts';
import type { Dependencies } from './dependencies.ts';

export interface NoteDependencies extends Pick<
  Dependencies,
  'settings' | 'buyers' | 'lastSeen' | 'sha256' | 'now'
> {
  readonly contracts: Pick<ContractBook, 'head' | 'record' | 'noteText'>;
  readonly ticks: Pick<TickBook, 'lastSweep'>;
  /** Finds out who signed: see `identify`. */
  readonly identify: (
    signed: SignedIdentity,
    binding: string,
  ) => Promise<
    | { readonly kind: 'proven'; readonly arn: string }
    | { readonly kind: 'refused' | 'unknown'; readonly reason: string }
  >;
  /** The part of a request that is signed, which also distinguishes it from every other request: see `noteBinding`. */
  readonly bindingOf: (request: NoteRequest) => string;
  /** Returns a salt that nobody can guess. */
  readonly newSalt: () => string;
}

/** Records what the seller says about a contract, and who said it, or tells why it cannot be recorded. */
export async function answerNote(
  request: NoteRequest,
  deps: NoteDependencies,
): Promise<NoteAnswer> {
  const { buyerAccountId, productId } = request;
  const refused = ({ problem, words }: Refusal): NoteAnswer => ({
    ...{ format: 1, request: 'note', outcome: 'refused' },
    ...{ buyerAccountId, problem, words },
  });
  const buyer = await deps.buyers.find(buyerAccountId);
  if (buyer === undefined)
    return refused({
      problem: 'not-invited',
      words: `${buyerAccountId} was never invited: "license-watcher buyers" shows who was`,
    });
  const contract = contractKey(buyerAccountId, productId);
  const product = deps.settings.products.find(({ id }) => id === productId);
  const head = product && (await deps.contracts.head(contract));
  if (product === undefined || head === undefined || head.entries === 0)
    return refused(nothingOf(productId, product !== undefined, buyer));
  const missing = await missingText(request, deps);
  if (missing !== null) return refused({ problem: 'refused', words: missing });
  const binding = deps.bindingOf(request);
  const author = await authorOf(request, binding, deps);
  if ('refusal' in author) return refused({ problem: 'refused', words: author.refusal });

  const observation = observationOf(request, binding, author.by, deps);
  const tick = (await deps.ticks.lastSweep())?.tick ?? deps.now();
  const { decision } = await performCheck(
    { buyer, product, head, tick, observation, fleet: { checks: 0, failed: 0 } },
    deps,
  );
  const { lastNote } = decision.head;
  if (lastNote?.request !== binding)
    return refused({
      problem: 'refused',
      words: `nothing was recorded of ${buyerAccountId} ${quoted(productId)}: ${decision.reason}`,
    });
  return {
    ...{ format: 1, request: 'note', outcome: 'recorded' },
    ...{ buyerAccountId, buyerName: buyer.name, productId, productName: product.name },
    entry: lastNote.entry,
    arn: 'arn' in author.by ? author.by.arn : null,
    unproven: author.unproven,
  };
}

function nothingOf(productId: string, isProduct: boolean, buyer: Buyer): Refusal {
  const { buyerAccountId, productIds } = buyer;
  const has = productIds.length === 0 ? 'no product' : productIds.join(', ');
  return isProduct && productIds.includes(productId)
    ? {
        problem: 'refused',
        words: `nothing is recorded yet of ${buyerAccountId} ${quoted(productId)}: a note needs a ledger to stand in, which the first look begins`,
      }
    : {
        problem: 'unknown-product',
        words: `the product is ${quoted(productId)}; ${buyerAccountId} has ${has}: name one of these`,
      };
}

/** Why there is no text to erase. Null: there is a text, or the request erases nothing. */
async function missingText(
  { buyerAccountId, productId, erases }: NoteRequest,
  { contracts }: NoteDependencies,
): Promise<string | null> {
  if (erases === null) return null;
  const found = await contracts.noteText(contractKey(buyerAccountId, productId), erases);
  if (found === undefined)
    return `entry ${erases} of ${buyerAccountId} ${quoted(productId)} has no text that could be erased: "license-watcher history" shows the notes`;
  return null;
}

async function authorOf(
  { signed, claimedBy }: NoteRequest,
  binding: string,
  { identify }: NoteDependencies,
): Promise<
  { readonly by: NoteAuthor; readonly unproven: string | null } | { readonly refusal: string }
> {
  if (signed === null)
    return { by: { claimedBy }, unproven: 'no signed identity came with the request' };
  const found = await identify(signed, binding);
  if (found.kind === 'proven') return { by: { arn: found.arn }, unproven: null };
  if (found.kind === 'refused')
    return {
      refusal: `the signature that came with the request is not good, so nothing was recorded: ${found.reason}`,
    };
  return { by: { claimedBy }, unproven: found.reason };
}

function observationOf(
  { kind, says, text, until, erases }: NoteRequest,
  binding: string,
  by: NoteAuthor,
  { newSalt, sha256 }: NoteDependencies,
): Observation {
  const written = text === null ? null : { text, salt: newSalt() };
  const note = {
    ...{ kind, says, until, erases, by },
    textHash: written === null ? null : textHash(written, sha256),
    request: binding,
  };
  return { kind: 'said', note, written };
}
