import type { AgreementReading } from '../../lib/domain/agreement/kept-agreement.ts';
import {
  type Cancellation,
  keptOfSaid,
  type Matter,
  matterId,
} from '../../lib/domain/agreement/matter.ts';
import type { AgreementService } from '../../lib/domain/ports.ts';
import { between, HOUR } from '../../lib/domain/time.ts';
import * as MESSAGES from '../../lib/observability/message-codes.ts';
import type { Dependencies } from './dependencies.ts';
import { LEAST_MILLISECONDS } from './read-summaries.ts';
import { ask, ServiceTrouble } from './service-trouble.ts';

type CancellationPage = Awaited<ReturnType<AgreementService['cancellations']>>;

/** What an event was lost of is found that late: of the seven days in which it can be answered. */
const EVERY = HOUR;

/** Keeps what AWS says beside an agreement, where it says anything new. Said again, it changes nothing. */
export async function keepMatter(
  matter: Matter,
  { matters, settings, now, log }: Pick<Dependencies, 'matters' | 'settings' | 'now' | 'log'>,
): Promise<void> {
  const id = matterId(matter);
  // Somebody else may have heard of it meanwhile: then it is compared with that.
  for (;;) {
    const known = await matters.find(id);
    const kept = keptOfSaid(matter, known, {
      now: now(),
      // What does not say of which product it is may be ours.
      isOurs: (sku) => sku === null || skusOf(settings).includes(sku),
    });
    if (kept === null) return;
    if (!(await matters.put(kept, known))) continue;
    const { agreementId, kind, status } = kept.matter;
    log.info(MESSAGES.agreementMatter, { id, agreementId, kind, status });
    return;
  }
}

/**
 * The requests to cancel that AWS lists: those of which no event came, and what became of those that were told. Once an hour, and when an
 * event is of one. What AWS refuses is remembered, and keeps no agreement from being read.
 */
export async function readRequests(
  reading: AgreementReading,
  isAsked: boolean,
  dependencies: Dependencies,
): Promise<AgreementReading> {
  const { now, log, remainingMilliseconds } = dependencies;
  const { askedAt, trouble } = reading.requests;
  const isDue = askedAt === null || between(askedAt, now()) >= EVERY;
  if (!(isDue || isAsked) || remainingMilliseconds() < LEAST_MILLISECONDS) return reading;
  try {
    const waiting = await listed(null, dependencies);
    const troubles: ServiceTrouble[] = [];
    for (const each of waiting) await keepListed(each, troubles, dependencies);
    const ids = new Set(waiting.map(matterId));
    for await (const { matter } of dependencies.matters.waiting('answer')) {
      if (ids.has(matterId(matter))) continue;
      const ofAgreement = await listed(matter.agreementId, dependencies);
      const same = ofAgreement.find((each) => matterId(each) === matterId(matter));
      // AWS may list it later.
      if (same !== undefined) await keepMatter(same, dependencies);
    }
    // What AWS refuses of one request keeps no other back.
    if (troubles[0] !== undefined) throw troubles[0];
    return { ...reading, requests: { askedAt: now(), trouble: null } };
  } catch (error) {
    if (!(error instanceof ServiceTrouble)) throw error;
    const { cause, detail } = error.trouble;
    log.warn(MESSAGES.requestsUnread, { cause, detail });
    const since = trouble?.cause === cause ? trouble.since : now();
    // What is denied is asked for again in an hour.
    return { ...reading, requests: { askedAt: now(), trouble: { cause, detail, since } } };
  }
}

/** Null: all that nobody has answered. */
async function listed(
  agreementId: string | null,
  dependencies: Dependencies,
): Promise<readonly Cancellation[]> {
  const { service } = dependencies;
  const found: Cancellation[] = [];
  const tokens = new Set<string | null>([null]);
  for (let token: string | null = null; ;) {
    const place: string | null = token;
    const { cancellations, nextToken }: CancellationPage = await answered(
      () => service.cancellations({ agreementId, token: place }),
      dependencies,
    );
    found.push(...cancellations);
    if (nextToken === null) return found;
    if (tokens.has(nextToken))
      throw new ServiceTrouble({
        cause: 'unexpected-answer',
        detail:
          'ListAgreementCancellationRequests answers with a page that was read already, as the next one',
      });
    tokens.add(nextToken);
    token = nextToken;
  }
}

/** With whose agreement it is, which AWS's list does not say, and is asked once. Where that is refused it is kept without. */
async function keepListed(
  listed: Cancellation,
  troubles: ServiceTrouble[],
  dependencies: Dependencies,
): Promise<void> {
  const { matters, service, settings } = dependencies;
  const known = await matters.find(matterId(listed));
  if (known !== undefined && known.matter.buyerAccountId !== null)
    return keepMatter(listed, dependencies);
  try {
    const { buyerAccountId, productSkus } = await answered(
      () => service.parties(listed.agreementId),
      dependencies,
    );
    const skus = skusOf(settings);
    const productSku = productSkus.find((each) => skus.includes(each)) ?? productSkus[0] ?? null;
    await keepMatter({ ...listed, buyerAccountId, productSku }, dependencies);
  } catch (error) {
    if (!(error instanceof ServiceTrouble)) throw error;
    await keepMatter(listed, dependencies);
    troubles.push(error);
  }
}

async function answered<Answer>(
  call: () => Promise<Answer>,
  dependencies: Dependencies,
): Promise<Answer> {
  const answer = await ask(call, dependencies);
  if (answer === 'filter' || answer === 'token')
    throw new ServiceTrouble({
      cause: 'unexpected-answer',
      detail: `a request to cancel is refused as a search would be (${String(answer)})`,
    });
  return answer;
}

function skusOf({ products }: Dependencies['settings']): readonly string[] {
  return products
    .filter(({ retired }) => !retired)
    .flatMap(({ productSku, formerSkus }) => [productSku, ...formerSkus]);
}
