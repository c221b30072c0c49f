import { placeOf } from '../../domain/registration/place.ts';
import type { RangeMessage } from '../../messages/check-buyers.ts';
import { startAnsweringServer } from './answering-server.ts';
import { checkEvent } from './check-messages.ts';
import { buyer, type BenchFixture } from './fixture.ts';
import { startProcess } from './invocation.ts';
import { median } from './median.ts';
import { assertDone, times, withQueuesAt } from './processes.ts';
import { FURTHER, PRODUCTS } from './settings.ts';
import { sha256 } from '../../aws/text.ts';

const COUNTS = [1, 2, 5, 10] as const;
const BUYERS = 6;
/** Enough rounds for the JIT compiler to settle. */
const ROUNDS = 24;
/** Short, because the duration of a call does not change the CPU time, and ten products take forty calls in a row. */
const CALL_MS = 5;

export interface OfProducts {
  readonly products: number;
  /** For a check of all of one buyer's products. */
  readonly cpuMs: number;
  readonly calls: number;
}

/** Measures the check of buyers with several products, one buyer at a time, with quick answers. */
export async function measureProducts(
  fixture: BenchFixture,
  message: RangeMessage,
): Promise<readonly OfProducts[]> {
  const { join, run, cloud } = fixture;
  const groups = COUNTS.map((products, group) => ({
    products,
    buyers: times(BUYERS, (n) =>
      buyer(
        100 * (group + 1) + n,
        PRODUCTS.safe.id,
        FURTHER.slice(0, products - 1).map(({ id }) => id),
      ),
    ),
  }));
  for (const { buyers } of groups) for (const each of buyers) await join(each);
  await run.sweeps(2);
  const measured: OfProducts[] = [];
  for (const { products, buyers } of groups) {
    await using server = await startAnsweringServer({ cloud, delayMs: CALL_MS });
    const messages = buyers.map(({ accountId }) => {
      const place = placeOf(accountId, sha256);
      return { ...message, from: place, to: place };
    });
    const { invocations } = await startProcess({
      configuration: withQueuesAt(server.url, fixture.configurationOf('check-licenses'), cloud.url),
      endpoint: server.url,
      events: times(ROUNDS, (n) => checkEvent(messages, Date.now(), `of-${products}-${n}`)),
    }).report;
    for (const { answer } of invocations) assertDone(answer);
    const asked = [...server.calls].filter(([name]) => name !== 'Query');
    measured.push({
      products,
      cpuMs: median(invocations.slice(ROUNDS / 2).map(({ cpuMs }) => cpuMs)) / BUYERS,
      calls: asked.reduce((sum, [, count]) => sum + count, 0) / (ROUNDS * BUYERS),
    });
  }
  return measured;
}
