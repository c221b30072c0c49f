import type { PlannedProbe } from '../../domain/check/probe.ts';
import { LICENSE_MANAGER_ERRORS } from './errors.ts';
import { judge } from '../judge.ts';
import { atMostTwice, type Pacing, type SignedCall } from '../signed-call.ts';
import type { Members } from '../protocols.ts';

/**
 * A checkout that we may ask for. It has no field for its type because it is always provisional. A perpetual checkout would take units from
 * the buyer's pool for good.
 */
export interface CheckoutRequest extends PlannedProbe {
  readonly clientToken: string;
}

export interface ListPage {
  readonly items: unknown;
  readonly nextToken: unknown;
}

/**
 * License Manager as one buyer's session sees it. Answers are unparsed JSON values. Each method throws as `SignedCall` does, and `judge`
 * knows its errors.
 */
export interface LicenseManager {
  listReceived(
    productSku: string,
    nextToken: string | undefined,
    signal: AbortSignal,
  ): Promise<ListPage>;
  getLicense(licenseArn: string, signal: AbortSignal): Promise<unknown>;
  getUsage(licenseArn: string, signal: AbortSignal): Promise<unknown>;
  listVersions(
    licenseArn: string,
    nextToken: string | undefined,
    signal: AbortSignal,
  ): Promise<ListPage>;
  checkOut(request: CheckoutRequest, signal: AbortSignal): Promise<Checkout>;
  checkIn(consumptionToken: string, signal: AbortSignal): Promise<void>;
}

export interface Checkout {
  readonly consumptionToken: unknown;
  readonly licenseArn: unknown;
  readonly entitlementsAllowed: unknown;
}

/** `call` carries the credentials of one look at one buyer. */
export function licenseManagerOf(call: SignedCall, pacing: Pacing): LicenseManager {
  const again = atMostTwice(LICENSE_MANAGER_ERRORS, call, pacing);
  const once = atMostTwice(LICENSE_MANAGER_ERRORS, call, pacing, 'leave');
  const spacing = spacingOf(pacing);
  const ask = async (operation: string, input: object, signal: AbortSignal): Promise<Members> =>
    (await again(operation, input, signal)).members;
  /** For calls that a look may make for each of hundreds of licenses. */
  const spaced = (operation: string, input: object, signal: AbortSignal): Promise<Members> =>
    spacing(signal, () => ask(operation, input, signal));
  const page = async (operation: string, input: object, signal: AbortSignal): Promise<ListPage> => {
    const { Licenses, NextToken } = await ask(operation, input, signal);
    return { items: Licenses, nextToken: NextToken };
  };
  return {
    listReceived: (productSku, NextToken, signal) => {
      const Filters = [{ Name: 'ProductSKU', Values: [productSku] }];
      return page('ListReceivedLicenses', { Filters, MaxResults: 100, NextToken }, signal);
    },
    getLicense: async (LicenseArn, signal) =>
      (await spaced('GetLicense', { LicenseArn }, signal))['License'],
    getUsage: async (LicenseArn, signal) =>
      (await spaced('GetLicenseUsage', { LicenseArn }, signal))['LicenseUsage'],
    listVersions: (LicenseArn, NextToken, signal) =>
      page('ListLicenseVersions', { LicenseArn, MaxResults: 100, NextToken }, signal),
    checkOut: async (request, signal) => {
      const input = {
        ProductSKU: request.productSku,
        CheckoutType: 'PROVISIONAL',
        KeyFingerprint: request.issuerFingerprint,
        Entitlements: [
          {
            Name: request.entitlementName,
            Unit: request.unit,
            ...(request.value !== null && { Value: request.value }),
          },
        ],
        ClientToken: request.clientToken,
      };
      // A call whose answer was lost is not repeated. Whether AWS answers a repeated client token with the same checkout is unknown; if it
      // does not, a second seat would be out.
      const { members } = await once('CheckoutLicense', input, signal);
      return {
        consumptionToken: members['LicenseConsumptionToken'],
        licenseArn: members['LicenseArn'],
        entitlementsAllowed: members['EntitlementsAllowed'],
      };
    },
    checkIn: async (LicenseConsumptionToken, signal) => {
      await ask('CheckInLicense', { LicenseConsumptionToken }, signal);
    },
  };
}

/** The number of first calls to one account that need no gap. The usual look makes four. */
const UNSPACED = 10;
/** Milliseconds between two calls after those: 25 a second. How many License Manager takes from an account, AWS does not say. */
const GAP = 40;
/** Milliseconds between two calls to a throttled account, at most. */
const LONGEST_GAP = 1_000;
/** The gap shrinks by this factor after each call that was not throttled. */
const CLOSER = 0.95;
/** Rounds of a throttled call, each with the two attempts of `atMostTwice`. An account that is still throttled then is trouble. */
const ROUNDS = 4;

type Spaced = <T>(signal: AbortSignal, call: () => Promise<T>) => Promise<T>;

/**
 * Spaces the calls of one look at one account, however many run side by side: they start one after the other, with a gap that throttling
 * widens. So a contract of hundreds of licenses takes longer but is still read.
 */
function spacingOf({ random, pause }: Pacing): Spaced {
  let gap = GAP;
  let [begun, widenedAt] = [0, 0];
  let turn: Promise<unknown> = Promise.resolve();
  const nextTurn = async (signal: AbortSignal): Promise<number> => {
    const mine = turn;
    begun += 1;
    const place = begun;
    // If the look is over, the call itself fails.
    if (begun > UNSPACED) turn = mine.then(() => pause(gap, signal)).catch(() => undefined);
    await mine;
    return place;
  };
  return async (signal, call) => {
    for (let round = 1; ; round += 1) {
      const place = await nextTurn(signal);
      try {
        const answer = await call();
        gap = Math.max(GAP, gap * CLOSER);
        return answer;
      } catch (error) {
        if (round === ROUNDS || signal.aborted || !isThrottled(error)) throw error;
        // Calls that were already under way report the same throttling and do not widen the gap again.
        if (place > widenedAt) {
          gap = Math.min(LONGEST_GAP, 2 * gap);
          widenedAt = begun;
        }
        await pause(random() * gap, signal);
      }
    }
  };
}

function isThrottled(error: unknown): boolean {
  const judgement = judge(LICENSE_MANAGER_ERRORS, error);
  return judgement.kind === 'retry' && judgement.cause === 'throttled';
}
