import { describe, expect, it } from 'vitest';
import { READ_MILLISECONDS } from '../../../lambdas/check-licenses/check-buyer.ts';
import { licenseManagerOf } from '../../../lib/aws/license-manager/calls.ts';
import { observe } from '../../../lib/aws/license-manager/observe.ts';
import type { SignedCall } from '../../../lib/aws/signed-call.ts';
import type { Observation } from '../../../lib/domain/check/observation.ts';
import { floatingProduct, lookRequest, lookTools } from '../../support/looking.ts';
import { VirtualTime } from '../../support/virtual-time.ts';
import { gotten, licenseArn, wireLicense } from '../../support/wire-licenses.ts';
import type { Members } from '../../../lib/aws/protocols.ts';

interface Account {
  readonly licenses: number;
  /** What a call takes. */
  readonly call?: number;
  /** That License Manager lets through; beyond, it throttles. */
  readonly perSecond?: number;
}

interface Looked {
  readonly observation: Observation;
  readonly took: number;
  /** When each call went out. */
  readonly sent: readonly number[];
  readonly throttled: number;
  readonly mostAtOnce: number;
}

/** One look of a check at an account, through our calls and a client that takes its time. */
async function look(
  { licenses, call: callTakes = 100, perSecond = Infinity }: Account,
  counted = false,
): Promise<Looked> {
  const time = new VirtualTime();
  const signal = limitedTo(READ_MILLISECONDS, time);
  const sent: number[] = [];
  let [throttled, atOnce, mostAtOnce] = [0, 0, 0];
  let [left, filledAt] = [perSecond, 0];
  const isThrottled = () => {
    left = Math.min(perSecond, left + ((time.milliseconds - filledAt) * perSecond) / 1000);
    filledAt = time.milliseconds;
    if (left < 1) return true;
    left -= 1;
    return false;
  };
  const call: SignedCall = async (operation, input, asking = signal) => {
    asking.throwIfAborted();
    sent.push(time.milliseconds);
    const isRefused = perSecond < Infinity && isThrottled();
    atOnce += 1;
    mostAtOnce = Math.max(mostAtOnce, atOnce);
    await unlessAborted(time.pass(callTakes), asking);
    atOnce -= 1;
    if (isRefused) {
      throttled += 1;
      throw Object.assign(new Error('Rate exceeded'), { name: 'RateLimitExceededException' });
    }
    return { members: answers(licenses)[operation]!(input), requestId: null };
  };
  const manager = licenseManagerOf(call, {
    random: () => 0.5,
    pause: (milliseconds, pausing) => unlessAborted(time.pass(milliseconds), pausing),
  });
  const product = floatingProduct(counted ? { probe: 'counted' } : {});
  const observation = await time.run(
    observe(manager, lookRequest({ product, signal }), lookTools()),
  );
  return { observation, took: time.milliseconds, sent, throttled, mostAtOnce };
}

interface Asked {
  readonly LicenseArn?: string;
  readonly NextToken?: string;
}

function answers(licenses: number): Readonly<Record<string, (asked: Asked) => Members>> {
  return {
    ListReceivedLicenses: ({ NextToken = '0' }) => {
      const from = Number(NextToken);
      const to = Math.min(from + 100, licenses);
      return {
        Licenses: Array.from({ length: to - from }, (_, n) =>
          wireLicense({ LicenseArn: licenseArn(from + n + 1) }),
        ),
        ...(to < licenses && { NextToken: String(to) }),
      };
    },
    GetLicense: ({ LicenseArn }) => ({ License: gotten({ LicenseArn }) }),
    GetLicenseUsage: () => ({
      LicenseUsage: {
        EntitlementUsages: [{ Name: 'ReadOnly', Unit: 'Count', ConsumedValue: '1', MaxCount: '5' }],
      },
    }),
    CheckoutLicense: () => ({
      LicenseConsumptionToken: 'token-1',
      LicenseArn: licenseArn(1),
      EntitlementsAllowed: [{ Name: 'AWS::Marketplace::Usage', Unit: 'None', Value: 'Enabled' }],
    }),
    CheckInLicense: () => ({}),
  };
}

function limitedTo(milliseconds: number, time: VirtualTime): AbortSignal {
  const controller = new AbortController();
  void time.pass(milliseconds).then(() => {
    controller.abort();
  });
  return controller.signal;
}

function unlessAborted(waiting: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  return Promise.race([
    waiting,
    new Promise<never>((_, reject) => {
      signal?.addEventListener('abort', () => {
        reject(Object.assign(new Error('Request aborted'), { name: 'AbortError' }));
      });
    }),
  ]);
}

/** The most of these moments that lie within a second. */
function mostInASecond(moments: readonly number[]): number {
  return Math.max(
    ...moments.map((from) => moments.filter((at) => at >= from && at < from + 1_000).length),
  );
}

describe('a contract of many licenses, at 100 ms a call', () => {
  it('is read whole within one look: 200 of them, a few at a time, and no account is flooded', async () => {
    const { observation, took, sent, mostAtOnce } = await look({ licenses: 200 });
    expect(observation).toMatchObject({ kind: 'seen' });
    if (observation.kind === 'seen')
      expect(observation.licenses.map(({ licenseArn: arn }) => arn)).toEqual(
        Array.from({ length: 200 }, (_, n) => licenseArn(n + 1)),
      );
    expect(sent).toHaveLength(204);
    expect(took).toBeLessThan(10_000);
    expect(mostAtOnce).toBe(4);
    expect(mostInASecond(sent)).toBeLessThanOrEqual(35);
  });

  it('is so where the usage of each has to be read, too', async () => {
    const { observation, took, sent } = await look({ licenses: 200 }, true);
    expect(observation).toMatchObject({ kind: 'seen' });
    expect(sent).toHaveLength(404);
    expect(took).toBeLessThan(20_000);
  });

  it.each([20, 10, 6])(
    'is read where License Manager throttles an account at %i calls a second: slower, and none is lost',
    async (perSecond) => {
      const { observation, took, throttled } = await look({ licenses: 200, perSecond });
      expect(observation).toMatchObject({ kind: 'seen' });
      expect(throttled).toBeGreaterThan(0);
      expect(took).toBeLessThan(READ_MILLISECONDS);
    },
  );

  it('is a state of its own where one look has no time for them, and never blindness', async () => {
    const { observation } = await look({ licenses: 900, call: 250 });
    expect(observation).toEqual({
      kind: 'trouble',
      cause: 'too-many-licenses',
      detail: expect.stringMatching(
        /^license-manager:GetLicense: \d{3} of 900 licenses of Example product were read when the time of the look was over$/,
      ) as string,
    });
  });

  it('is throttling, where all is throttled: and no blindness', async () => {
    const { observation } = await look({ licenses: 200, perSecond: 1.5 });
    expect(observation).toMatchObject({ kind: 'trouble', cause: 'throttled' });
  });
});

describe('the usual look at one license', () => {
  it('is four calls, and waits for nothing but them', async () => {
    const { observation, took, sent } = await look({ licenses: 1 });
    expect(observation).toMatchObject({ kind: 'seen', probe: { outcome: 'accepted' } });
    expect(sent).toEqual([0, 100, 200, 300]);
    expect(took).toBe(400);
  });
});
