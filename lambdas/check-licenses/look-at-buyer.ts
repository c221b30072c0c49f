import type { Head } from '../../lib/domain/check/head.ts';
import type { Observation } from '../../lib/domain/check/observation.ts';
import { isUsageTick } from '../../lib/domain/check/seen-usage.ts';
import type { ReadVersions } from '../../lib/domain/check/versions-between.ts';
import { contractKey, type ContractKey } from '../../lib/domain/license/contract.ts';
import type { Product } from '../../lib/domain/license/product.ts';
import type { Dependencies } from './dependencies.ts';
import type { WatchedContract, BuyerToCheck } from '../../lib/domain/registration/buyer.ts';

/**
 * The limit of a look, including slow answers and second attempts: enough for a thousand licenses in one account with the gaps of
 * `spacingOf`. If AWS does not answer at all, a call's own limits end it sooner.
 */
export const READ_MILLISECONDS = 40_000;
/** Reserved at the end of the invocation for calls that ignore a look's limit: checkout (5 s), check-in (5 s), record. */
const AFTER_READ_MILLISECONDS = 12_000;

/** The limit for reading the skipped versions of a license. Their content may stay unknown; what was already read must not be lost. */
const VERSIONS_MILLISECONDS = 2_000;
/** Reserved at the end of the invocation for writing. */
const RECORD_MILLISECONDS = 5_000;

/** One contract of the buyer, and what was known about it before the look. */
export interface ContractToCheck {
  readonly contract: ContractKey;
  readonly watched: WatchedContract;
  readonly product: Product;
  /** Undefined: not read yet. Null: there is none. */
  readonly head: Head | null | undefined;
}

export interface Look {
  readonly toCheck: ContractToCheck;
  readonly observation: Observation;
  /** Reads further versions for the decision. Absent: there is no open session. */
  readonly readVersions?: ReadVersions;
}

/** The contracts to look at: those of configured products and, for retired products, those whose watch has not ended yet. */
export function contractsToCheck(
  buyer: BuyerToCheck,
  { settings }: Dependencies,
): readonly ContractToCheck[] {
  return buyer.contracts.flatMap((watched) => {
    const { productId } = watched;
    const product = settings.products.find(({ id }) => id === productId);
    if (product === undefined || (product.retired && watched.digest === null)) return [];
    return [
      { contract: contractKey(buyer.buyerAccountId, productId), watched, product, head: undefined },
    ];
  });
}

/** Reads the head before the look only if something is due: a steady check reads no head. Throws if the store fails. */
export async function withHead(
  toCheck: ContractToCheck,
  { contracts, now }: Dependencies,
): Promise<ContractToCheck> {
  const { nextDue } = toCheck.watched;
  // If the last record failed, the contract is never steady: this check must find out whether recording works again.
  const isDue = nextDue !== null && nextDue <= now();
  if (!isDue && toCheck.watched.unrecorded !== true) return toCheck;
  return { ...toCheck, head: (await contracts.head(toCheck.contract)) ?? null };
}

/** The tick of the look and of the sweep before. `previous` undefined: no sweep asks. */
type Asking = Parameters<typeof isUsageTick>[1];

/** Ends a watch: see `retired` in the settings. */
const RETIRED: Observation = { kind: 'left', detail: 'the seller retired the product' };

/**
 * Returns one look for each contract, in their order. If all of a buyer's contracts are backed off, no session is opened, unless somebody
 * `asked`. Never throws because of AWS: a failure is the observation.
 */
export async function lookAtBuyer(
  contracts: readonly ContractToCheck[],
  {
    buyer,
    checkId,
    tick,
    previous,
    asked = false,
  }: Asking & { readonly buyer: BuyerToCheck; readonly checkId: string; readonly asked?: boolean },
  deps: Dependencies,
): Promise<readonly Look[]> {
  const isLeftOut = ({ product, head }: ContractToCheck) =>
    product.retired || (!asked && isBackedOff(head, deps));
  const unlooked = (toCheck: ContractToCheck): Look => ({
    toCheck,
    observation: toCheck.product.retired ? RETIRED : { kind: 'not-looked' },
  });
  if (contracts.every(isLeftOut)) return contracts.map(unlooked);
  const signal = limitWithin(READ_MILLISECONDS, AFTER_READ_MILLISECONDS, deps);
  const session = await deps.openSession(buyer, signal);
  const looks: Look[] = [];
  for (const toCheck of contracts) {
    const { head, product } = toCheck;
    if (isLeftOut(toCheck)) looks.push(unlooked(toCheck));
    else if (session.kind !== 'open') looks.push({ toCheck, observation: session });
    else
      looks.push({
        toCheck,
        observation: await session.observe({
          ...{ product, checkId, signal },
          unitOutUntil: head?.unitOutUntil ?? null,
          isUsageWanted: isUsageWanted(toCheck, { tick, previous }, deps),
        }),
        readVersions: (licenseArn) =>
          session.readVersions(
            product,
            licenseArn,
            limitWithin(VERSIONS_MILLISECONDS, RECORD_MILLISECONDS, deps),
          ),
      });
  }
  return looks;
}

/** Usage is read once an hour, and at the first look, so that what is there then is not news later. */
function isUsageWanted(
  { contract, watched }: ContractToCheck,
  asking: Asking,
  { settings, sha256 }: Dependencies,
): boolean {
  return watched.digest === null || isUsageTick(contract, asking, settings.intervalMinutes, sha256);
}

/** Aborts after `most` milliseconds, or earlier so that `kept` milliseconds of the invocation are left. */
function limitWithin(
  most: number,
  kept: number,
  { limit, remainingMilliseconds }: Dependencies,
): AbortSignal {
  return limit(Math.max(1, Math.min(most, remainingMilliseconds() - kept)));
}

function isBackedOff(head: ContractToCheck['head'], { now }: Dependencies): boolean {
  const until = head?.blind?.backOffUntil ?? null;
  return until !== null && until > now();
}
