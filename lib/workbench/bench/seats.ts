import { placeOf } from '../../domain/registration/place.ts';
import { callAws } from '../cloud/client.ts';
import { SELLER_ACCOUNT } from '../scenarios/participants.ts';
import { seats, type IssuedLicense } from '../scenarios/test-licenses.ts';
import type { RangeMessage } from '../../messages/check-buyers.ts';
import { startAnsweringServer } from './answering-server.ts';
import { checkEvent, checkMessagesOf } from './check-messages.ts';
import { buyer, type BenchFixture } from './fixture.ts';
import { startProcess } from './invocation.ts';
import { PRODUCTS } from './settings.ts';
import { sha256 } from '../../aws/text.ts';

const MINUTE = 60_000;
/** The lifetime of a provisional checkout of the test licenses. */
const TIME_TO_LIVE = 60 * MINUTE;

export interface Crash {
  /** Checkouts without a check-in. If there are none, the function died too early or too late to show anything. */
  readonly checkoutsLeft: number;
  readonly seatsHeld: number;
}

export interface Seats {
  /** Seats held after all checks of the day, none of which crashed. */
  readonly afterTheDay: number;
  readonly safe: Crash;
  readonly counted: Crash;
  readonly countedAfterTimeToLive: number;
}

/** Counts the seats held after check-licenses is killed between a checkout and its check-in. Advances the cloud's time. */
export async function countSeats(fixture: BenchFixture, message: RangeMessage): Promise<Seats> {
  const { cloud } = fixture;
  const afterTheDay = cloud.licenseManager.seatsHeld();
  const safe = await crash(fixture, message);
  await cloud.clock.advanceTo(cloud.clock.now() + TIME_TO_LIVE + MINUTE);
  const counted = await crash(fixture, await countedMessage(fixture));
  await cloud.clock.advanceTo(cloud.clock.now() + TIME_TO_LIVE + MINUTE);
  return { afterTheDay, safe, counted, countedAfterTimeToLive: cloud.licenseManager.seatsHeld() };
}

async function crash(
  { cloud, configurationOf }: BenchFixture,
  message: RangeMessage,
): Promise<Crash> {
  let kill = (): void => undefined;
  await using server = await startAnsweringServer({
    cloud,
    delayMs: 0,
    meets: (operation) => {
      if (operation !== 'CheckInLicense') return 'answer';
      kill();
      return 'loss';
    },
  });
  const events = [checkEvent([message], Date.now(), `crash-${cloud.clock.now()}`)];
  const running = startProcess({
    configuration: configurationOf('check-licenses'),
    endpoint: server.url,
    events,
  });
  kill = () => {
    running.kill();
  };
  const survived = await running.report.then(
    () => true,
    () => false,
  );
  if (survived)
    throw new Error('check-licenses was to be killed at its check-in, yet it came to its end');
  const { licenseManager } = cloud;
  return {
    checkoutsLeft: licenseManager.openCheckouts().length,
    seatsHeld: licenseManager.seatsHeld(),
  };
}

/** The message for a buyer of the product with counted probes, whose license has only seats. */
async function countedMessage(fixture: BenchFixture): Promise<RangeMessage> {
  const { join, run, calls } = fixture;
  const counted = buyer(900, PRODUCTS.counted.id);
  await withSeatsOnly(await join(counted), fixture);
  await run.sweeps(1);
  calls.take();
  await run.sweeps(1);
  const [message] = checkMessagesOf(calls.take());
  if (message === undefined) throw new Error('no sweep asked for a check');
  const place = placeOf(counted.accountId, sha256);
  return { ...message, from: place, to: place };
}

/** Removes the entitlement with unit None that Marketplace licenses have: the probe would check out that one. */
async function withSeatsOnly(
  { licenseArn, productSku, terms }: IssuedLicense,
  { cloud }: BenchFixture,
): Promise<void> {
  await callAws(cloud, cloud.keys(SELLER_ACCOUNT), 'license-manager', 'CreateLicenseVersion', {
    LicenseArn: licenseArn,
    LicenseName: `Test license of ${productSku}`,
    ProductName: `Test of ${productSku}`,
    Issuer: { Name: 'Self' },
    HomeRegion: cloud.region,
    Validity: { Begin: terms.begin, End: terms.end },
    Entitlements: [seats(5)],
    ConsumptionConfiguration: {
      RenewType: 'None',
      ProvisionalConfiguration: { MaxTimeToLiveInMinutes: TIME_TO_LIVE / MINUTE },
    },
    Status: 'AVAILABLE',
    ClientToken: 'bench-seats-only',
  });
}
