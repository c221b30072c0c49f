import type { Filed } from '../../../ledger/archive.ts';
import type { ContractKey } from '../../../../domain/license/contract.ts';
import type { SealedEntry } from '../../../../domain/ledger/ledger.ts';
import type { DeliveryFact } from '../../../../domain/ports.ts';
import type { Claim } from '../../../ledger/receipt.ts';
import type { LedgerVerdict } from '../../../ledger/walk.ts';
import type { Watcher } from '../../io.ts';
import { inOrder } from '../../../in-order.ts';
import { walkLedger } from './walk-ledger.ts';

/** What the ledger says about one claim of a mail. */
export interface CheckedClaim {
  readonly claim: Claim;
  readonly ledger: 'holds' | 'other-hash' | 'no-entry' | 'no-ledger' | 'later-format';
  /** The hash in the ledger; null: it has no such entry, or none that can be read. */
  readonly hash: string | null;
  /** Null: it could not be read, or there is none. */
  readonly entry: SealedEntry | null;
  /** Whether the chain is whole from the first entry up to this one. */
  readonly chain: LedgerVerdict['state'] | null;
  readonly finding: LedgerVerdict['finding'];
  /** Facts of delivery of the entries that the mail tells. */
  readonly facts: readonly DeliveryFact[];
}

/** Checks each claim, and reads each ledger once. */
export async function checkClaims(
  claims: readonly Claim[],
  watcher: Watcher,
): Promise<readonly CheckedClaim[]> {
  const byContract = Map.groupBy(claims, ({ contract }) => contract);
  const examined: CheckedClaim[] = [];
  const all = inOrder(byContract, 10, ([contract, group]) => examineIn(contract, group, watcher));
  for await (const group of all) examined.push(...group);
  return claims.flatMap((claim) => examined.filter((each) => each.claim === claim));
}

function nowhere(claim: Claim): CheckedClaim {
  return {
    claim,
    ledger: 'no-ledger',
    hash: null,
    entry: null,
    chain: null,
    finding: null,
    facts: [],
  };
}

async function examineIn(
  contract: ContractKey,
  claims: readonly Claim[],
  watcher: Watcher,
): Promise<readonly CheckedClaim[]> {
  const entries = new Map<number, SealedEntry>();
  const facts: DeliveryFact[] = [];
  const wanted = new Set(claims.map(({ entry }) => entry));
  const collect = (filed: Filed): void => {
    if (filed.kind === 'entry' && wanted.has(filed.entry.entry))
      entries.set(filed.entry.entry, filed.entry);
    if (
      filed.kind === 'fact' &&
      claims.some(({ from, entry }) => from <= filed.fact.entry && filed.fact.entry <= entry)
    )
      facts.push(filed.fact);
  };
  const walked = await walkLedger(contract, watcher, { onFiled: collect });
  if (walked.verdict.entries === 0) return claims.map(nowhere);
  const { verdict, walk } = walked;
  return claims.map((claim) => {
    const entry = entries.get(claim.entry) ?? null;
    const concerns = (finding: LedgerVerdict['finding']): boolean =>
      finding !== null && finding.entry <= claim.entry;
    const [broken, unverified] = [concerns(walk.broken), concerns(walk.unverified)];
    return {
      claim,
      ledger: standing(claim, entry, walk.unverified?.entry),
      hash: entry?.hash ?? null,
      entry,
      chain: broken ? 'broken' : unverified ? 'unverified' : 'whole',
      finding: broken ? walk.broken : unverified ? walk.unverified : null,
      facts: facts.filter((fact) => claim.from <= fact.entry && fact.entry <= claim.entry),
    };
  });

  function standing(
    claim: Claim,
    entry: SealedEntry | null,
    unread: number | undefined,
  ): CheckedClaim['ledger'] {
    if (entry !== null) {
      const hash = claim.isCut ? entry.hash.slice(0, claim.hash.length) : entry.hash;
      return hash === claim.hash ? 'holds' : 'other-hash';
    }
    return unread !== undefined && claim.entry >= unread && claim.entry <= verdict.entries
      ? 'later-format'
      : 'no-entry';
  }
}
