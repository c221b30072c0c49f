import type { Filed } from '../../../../domain/ledger/archive.ts';
import { contractKey, type ContractKey } from '../../../../domain/license/contract.ts';
import type { SealedEntry } from '../../../../domain/ledger/ledger.ts';
import type { DeliveryFact } from '../../../../domain/ports.ts';
import type { Claim } from '../../../../domain/ledger/receipt.ts';
import type { LedgerVerdict } from '../../../../domain/ledger/walk.ts';
import type { Watcher } from '../../io.ts';
import { inOrder } from '../../../in-order.ts';
import { walkLedger } from './walk-ledger.ts';

/** What the ledger says to one claim of a mail. */
export interface CheckedClaim {
  readonly claim: Claim;
  /** Null: no contract of the account has this entry with this hash. */
  readonly contract: ContractKey | null;
  readonly ledger: 'holds' | 'other-hash' | 'no-entry' | 'no-ledger' | 'later-format';
  /** The hash that the ledger has; null: it has no such entry, or none that can be read. */
  readonly hash: string | null;
  /** Null: it could not be read, or there is none. */
  readonly entry: SealedEntry | null;
  /** Whether the chain is whole from the first entry up to this one. */
  readonly chain: LedgerVerdict['state'] | null;
  readonly finding: LedgerVerdict['finding'];
  /** Facts of the delivery of the entries that the mail tells. */
  readonly facts: readonly DeliveryFact[];
}

/** So much of a hash stands in a digest, which names products by name; everything else has all of it. */
const SHORT_HASH = 12;

/** Looks each claim up, each ledger once. */
export async function checkClaims(
  claims: readonly Claim[],
  watcher: Watcher,
): Promise<readonly CheckedClaim[]> {
  const byLedger = Map.groupBy(
    claims,
    ({ contract, buyerAccountId }) => contract ?? buyerAccountId,
  );
  const examined: CheckedClaim[] = [];
  const all = inOrder(byLedger.values(), 10, (group) => examineGroup(group, watcher));
  for await (const group of all) examined.push(...group);
  return claims.flatMap((claim) => examined.filter((each) => each.claim === claim));
}

async function examineGroup(
  claims: readonly Claim[],
  watcher: Watcher,
): Promise<readonly CheckedClaim[]> {
  const [{ contract, buyerAccountId } = { contract: null, buyerAccountId: '' }] = claims;
  const candidates = contract === null ? await contractsOf(buyerAccountId, watcher) : [contract];
  const perContract: (readonly CheckedClaim[])[] = [];
  for (const each of candidates) perContract.push(await examineIn(each, claims, watcher));
  return claims.map((claim, at) => {
    const found = perContract.map((each) => each[at]).filter((each) => each !== undefined);
    return found.find(({ ledger }) => ledger === 'holds') ?? worth(found) ?? nowhere(claim);
  });
}

/** A digest names the product by its name: of several ledgers the account has, none holds the entry. */
function worth(found: readonly CheckedClaim[]): CheckedClaim | undefined {
  const [only, ...others] = found;
  return others.length === 0 || only === undefined
    ? only
    : {
        ...only,
        contract: null,
        ledger: 'no-entry',
        hash: null,
        entry: null,
        chain: null,
        finding: null,
        facts: [],
      };
}

function nowhere(claim: Claim): CheckedClaim {
  return {
    claim,
    contract: claim.contract,
    ledger: 'no-ledger',
    hash: null,
    entry: null,
    chain: null,
    finding: null,
    facts: [],
  };
}

async function contractsOf(
  account: string,
  { register, buyers }: Watcher,
): Promise<readonly ContractKey[]> {
  const heads = (await register.ofBuyer(account)).map(({ contract }) => contract);
  const configured =
    (await buyers.find(account))?.productIds.map((id) => contractKey(account, id)) ?? [];
  return [...new Set([...heads, ...configured])];
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
      contract,
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
      // A digest has the beginning of each.
      const hash = claim.hash.length === SHORT_HASH ? entry.hash.slice(0, SHORT_HASH) : entry.hash;
      return hash === claim.hash ? 'holds' : 'other-hash';
    }
    return unread !== undefined && claim.entry >= unread && claim.entry <= verdict.entries
      ? 'later-format'
      : 'no-entry';
  }
}
