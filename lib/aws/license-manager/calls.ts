import type { PlannedProbe } from '../../domain/check/probe.ts';
import { LICENSE_MANAGER_ERRORS } from './errors.ts';
import { atMostTwice, judge, type Pacing } from '../judge.ts';
import type { Members, SignedCall } from '../signed-call.ts';

/**
 * A checkout as we may ask for it. There is no field for its type: it is provisional, always. A perpetual checkout would
 * take units from the buyer's pool for good.
 */
export interface CheckoutRequest extends PlannedProbe {
  readonly clientToken: string;
}

export interface Page {
  readonly items: unknown;
  readonly nextToken: unknown;
}

/**
 * License Manager as one buyer's session sees it. Answers come unparsed, as they stand in the JSON. Each throws as `SignedCall` does; `judge`
 * knows it.
 */
export interface LicenseManager {
  listReceived(
    productSku: string,
    nextToken: string | undefined,
    signal: AbortSignal,
  ): Promise<Page>;
  getLicense(licenseArn: string, signal: AbortSignal): Promise<unknown>;
  getUsage(licenseArn: string, signal: AbortSignal): Promise<unknown>;
  listVersions(
    licenseArn: string,
    nextToken: string | undefined,
    signal: AbortSignal,
  ): Promise<Page>;
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
  const again = <T>(signal: AbortSignal, attempt: () => Promise<T>): Promise<T> =>
    atMostTwice(LICENSE_MANAGER_ERRORS, attempt, pacing, { signal, lostAnswers: 'repeat' });
  const spacing = spacingOf(pacing);
  const ask = (operation: string, input: object, signal: AbortSignal): Promise<Members> =>
    again(signal, async () => (await call(operation, input, signal)).members);
  /** Of what may be asked for each of hundreds of licenses. */
  const spaced = (operation: string, input: object, signal: AbortSignal): Promise<Members> =>
    spacing(signal, () => ask(operation, input, signal));
  const page = async (operation: string, input: object, signal: AbortSignal): Promise<Page> => {
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
      // A lost answer is not asked for again: whether AWS answers a repeated client token with the same checkout is
      // unknown, and if it does not, a second seat would be out.
      const attempt = () => call('CheckoutLicense', input, signal);
      const { members } = await atMostTwice(LICENSE_MANAGER_ERRORS, attempt, pacing, {
        signal,
        lostAnswers: 'leave',
      });
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

/** Calls to one account that need not be apart: the usual look has four. */
const UNSPACED = 10;
/** Milliseconds between two calls after those: 25 a second. AWS does not say how many License Manager takes from an account. */
const GAP = 40;
/** Between two calls to an account that is throttled, at most. */
const LONGEST_GAP = 1_000;
/** How much closer together calls are again after one that was not throttled. */
const CLOSER = 0.95;
/** A throttled call is made so often, each of them twice as `atMostTwice` has it: an account that is throttled through and through is trouble. */
const ROUNDS = 4;

type Spaced = <T>(signal: AbortSignal, call: () => Promise<T>) => Promise<T>;

/**
 * How the calls of one look at one account follow each other, whatever is called side by side: one after the other, with a gap between
 * them that throttling widens. So a contract of hundreds of licenses takes longer, and is read all the same.
 */
function spacingOf({ random, pause }: Pacing): Spaced {
  let gap = GAP;
  let [begun, widenedAt] = [0, 0];
  let turn: Promise<unknown> = Promise.resolve();
  const nextTurn = async (signal: AbortSignal): Promise<number> => {
    const mine = turn;
    begun += 1;
    const place = begun;
    // Whose look is over fails by its own call.
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
        // Those that were under way with it tell the same once more.
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
