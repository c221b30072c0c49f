import type { AgreementReading } from '../../lib/domain/agreement/kept-agreement.ts';
import {
  type Cancellation,
  keptOfSaid,
  type KeptMatter,
  type Matter,
  matterId,
} from '../../lib/domain/agreement/matter.ts';
import type { AgreementService } from '../../lib/domain/ports.ts';
import { between, HOUR } from '../../lib/domain/time.ts';
import * as MESSAGES from '../../lib/observability/message-codes.ts';
import type { Dependencies } from './dependencies.ts';
import { LEAST_MILLISECONDS } from './read-summaries.ts';
import { readableOrProblem } from '../../lib/observability/handler.ts';
import { ask, isOfAll, ServiceTrouble } from './service-trouble.ts';

type CancellationPage = Awaited<ReturnType<AgreementService['cancellations']>>;

/** How often requests are listed. A request whose event was lost is found this late, within the seven days in which it can be answered. */
const EVERY = HOUR;

/**
 * Stores what AWS says beside an agreement, if it is new. Saying it again changes nothing. False: what is stored of it cannot be read, so
 * nobody knows whether it is new.
 */
export async function keepMatter(
  matter: Matter,
  { matters, settings, now, log }: Pick<Dependencies, 'matters' | 'settings' | 'now' | 'log'>,
): Promise<boolean> {
  const id = matterId(matter);
  // Another invocation may have stored it meanwhile; then compare with that.
  for (;;) {
    const known = await readableOrProblem(() => matters.find(id), log);
    if (typeof known === 'string') return false;
    const kept = keptOfSaid(matter, known, {
      now: now(),
      // If AWS names no product, it may be ours.
      isOurs: (sku) => sku === null || skusOf(settings).includes(sku),
    });
    if (kept === null) return true;
    if (!(await matters.put(kept, known))) continue;
    const { agreementId, kind, status } = kept.matter;
    log.info(MESSAGES.agreementMatter, { id, agreementId, kind, status });
    return true;
  }
}

/**
 * Reads the requests to cancel that AWS lists: those without an event, and the outcome of those already told. Runs once an hour, and when
 * an event is about a request. If AWS refuses, that is remembered and does not keep any agreement from being read.
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
    const troubles: ServiceTrouble[] = [];
    const waiting = await listed(null, troubles, dependencies);
    for (const each of waiting) await keepListed(each, troubles, dependencies);
    const ids = new Set(waiting.map(matterId));
    const open: KeptMatter[] = [];
    // All are read first, because asking in vain moves one to the end of the list.
    for await (const kept of dependencies.matters.waiting('answer'))
      if (!ids.has(matterId(kept.matter))) open.push(kept);
    for (const kept of open)
      if (remainingMilliseconds() >= LEAST_MILLISECONDS)
        await askOutcome(kept, troubles, dependencies);
    // A refusal for one request does not stop the others.
    if (troubles[0] !== undefined) throw troubles[0];
    return { ...reading, requests: { askedAt: now(), trouble: null } };
  } catch (error) {
    if (!(error instanceof ServiceTrouble)) throw error;
    const { cause, detail } = error.trouble;
    log.warn(MESSAGES.requestsUnread, { cause, detail });
    const since = trouble?.cause === cause ? trouble.since : now();
    // After a refusal, ask again in an hour.
    return { ...reading, requests: { askedAt: now(), trouble: { cause, detail, since } } };
  }
}

/**
 * Asks what became of a request that is not listed as unanswered. Without an answer it goes to the end of those that wait, so that it keeps
 * no other from being asked about; AWS may list it later.
 */
async function askOutcome(
  kept: KeptMatter,
  troubles: ServiceTrouble[],
  dependencies: Dependencies,
): Promise<void> {
  const { matters, now } = dependencies;
  try {
    const ofAgreement = await listed(kept.matter.agreementId, troubles, dependencies);
    const same = ofAgreement.find((each) => matterId(each) === matterId(kept.matter));
    if (same !== undefined) {
      await keepMatter(same, dependencies);
      return;
    }
  } catch (error) {
    if (!(error instanceof ServiceTrouble) || isOfAll(error)) throw error;
    troubles.push(error);
  }
  await matters.put({ ...kept, stepSince: now(), revision: kept.revision + 1 }, kept);
}

/** `agreementId` null: all that nobody has answered. What cannot be read is added to `troubles` and hides no other. */
async function listed(
  agreementId: string | null,
  troubles: ServiceTrouble[],
  dependencies: Dependencies,
): Promise<readonly Cancellation[]> {
  const { service } = dependencies;
  const found: Cancellation[] = [];
  const tokens = new Set<string | null>([null]);
  for (let token: string | null = null; ;) {
    const place: string | null = token;
    const { cancellations, unreadable, nextToken }: CancellationPage = await answered(
      () => service.cancellations({ agreementId, token: place }),
      dependencies,
    );
    found.push(...cancellations);
    for (const detail of unreadable)
      troubles.push(new ServiceTrouble({ cause: 'unexpected-answer', detail }));
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

/** Stores a request with its buyer, whom AWS's list does not name: the service is asked once. If it refuses, stores it without. */
async function keepListed(
  listed: Cancellation,
  troubles: ServiceTrouble[],
  dependencies: Dependencies,
): Promise<void> {
  const { matters, service, settings } = dependencies;
  const known = await readableOrProblem(() => matters.find(matterId(listed)), dependencies.log);
  if (typeof known === 'string') return;
  if (known !== undefined && known.matter.buyerAccountId !== null) {
    await keepMatter(listed, dependencies);
    return;
  }
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
