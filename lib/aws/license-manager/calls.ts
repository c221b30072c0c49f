import {
  CheckInLicenseCommand,
  CheckoutLicenseCommand,
  GetLicenseCommand,
  GetLicenseUsageCommand,
  ListLicenseVersionsCommand,
  ListReceivedLicensesCommand,
  type LicenseManagerClient,
} from '@aws-sdk/client-license-manager';
import type { Readable } from 'node:stream';
import { LICENSE_MANAGER_ERRORS } from '../errors/license-manager.ts';
import { atMostTwice, judge, type Pacing } from '../judge.ts';

/**
 * A checkout as we may ask for it. There is no field for its type: it is provisional, always. A perpetual checkout would
 * take units from the buyer's pool for good.
 */
export interface CheckoutRequest {
  readonly productSku: string;
  readonly keyFingerprint: string;
  readonly entitlementName: string;
  readonly unit: string;
  /** A string on the wire; null for unit `None`, where all working code omits it. */
  readonly value: string | null;
  readonly clientToken: string;
}

export interface Page {
  readonly items: unknown;
  readonly nextToken: unknown;
}

/**
 * License Manager as one buyer's session sees it. Answers come unparsed: the SDK passes on whatever stands in the
 * JSON, whatever its types say (measured). Each throws the SDK's error; `judge` knows it.
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

/** `client` carries the credentials of one look at one buyer, and is built with one attempt: see `atMostTwice`. */
export function licenseManagerOf(
  client: Pick<LicenseManagerClient, 'send'>,
  pacing: Pacing,
): LicenseManager {
  const again = <T>(signal: AbortSignal, call: () => Promise<T>): Promise<T> =>
    atMostTwice(LICENSE_MANAGER_ERRORS, call, pacing, { signal, lostAnswers: 'repeat' });
  const spacing = spacingOf(pacing);
  /** Of what may be asked for each of hundreds of licenses. */
  const spaced = <T>(signal: AbortSignal, call: () => Promise<T>): Promise<T> =>
    spacing(signal, () => again(signal, call));
  return {
    listReceived: async (productSku, nextToken, signal) => {
      const list = new ListReceivedLicensesCommand({
        Filters: [{ Name: 'ProductSKU', Values: [productSku] }],
        MaxResults: 100,
        ...(nextToken !== undefined && { NextToken: nextToken }),
      });
      const page = await again(signal, () => client.send(list, { abortSignal: signal }));
      return { items: page.Licenses, nextToken: page.NextToken };
    },
    getLicense: async (licenseArn, signal) => {
      const get = new GetLicenseCommand({ LicenseArn: licenseArn });
      return (await spaced(signal, () => client.send(get, { abortSignal: signal }))).License;
    },
    getUsage: async (licenseArn, signal) => {
      const get = new GetLicenseUsageCommand({ LicenseArn: licenseArn });
      return (await spaced(signal, () => client.send(get, { abortSignal: signal }))).LicenseUsage;
    },
    listVersions: async (licenseArn, nextToken, signal) => {
      const list = new ListLicenseVersionsCommand({
        LicenseArn: licenseArn,
        MaxResults: 100,
        ...(nextToken !== undefined && { NextToken: nextToken }),
      });
      const page = await again(signal, () => client.send(list, { abortSignal: signal }));
      return { items: page.Licenses, nextToken: page.NextToken };
    },
    checkOut: async (request, signal) => {
      const checkout = new CheckoutLicenseCommand({
        ProductSKU: request.productSku,
        CheckoutType: 'PROVISIONAL',
        KeyFingerprint: request.keyFingerprint,
        Entitlements: [
          {
            Name: request.entitlementName,
            Unit: request.unit as 'None',
            ...(request.value !== null && { Value: request.value }),
          },
        ],
        ClientToken: request.clientToken,
      });
      // A lost answer is not asked for again: whether AWS answers a repeated client token with the same checkout is
      // unknown, and if it does not, a second seat would be out.
      const send = () => client.send(checkout, { abortSignal: signal });
      const answer = await atMostTwice(LICENSE_MANAGER_ERRORS, send, pacing, {
        signal,
        lostAnswers: 'leave',
      });
      return {
        consumptionToken: answer.LicenseConsumptionToken,
        licenseArn: answer.LicenseArn,
        entitlementsAllowed: answer.EntitlementsAllowed,
      };
    },
    checkIn: async (consumptionToken, signal) => {
      const checkIn = new CheckInLicenseCommand({ LicenseConsumptionToken: consumptionToken });
      await again(signal, () => client.send(checkIn, { abortSignal: signal }));
    },
  };
}

/** A text of JSON, or a whole number with more digits than a JavaScript number keeps. */
const TEXT_OR_LONG = /"[^"\\]*(?:\\.[^"\\]*)*"|(?<![\w.+-])-?\d{16,}(?![\w.])/gs;

/**
 * Collects an answer's body with its long numbers as text. License Manager counts in 64 bits and the SDK reads with `JSON.parse`:
 * 9223372036854775807 arrives as 9223372036854776000 (measured), and nothing behind it can tell.
 */
export async function exactLongs(body: Readable): Promise<Uint8Array> {
  const bytes = Buffer.concat((await body.toArray()) as Uint8Array[]);
  const text = bytes.toString('utf8');
  if (!/\d{16}/.test(text)) return bytes;
  return Buffer.from(
    text.replace(TEXT_OR_LONG, (token) => (token.startsWith('"') ? token : `"${token}"`)),
  );
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
