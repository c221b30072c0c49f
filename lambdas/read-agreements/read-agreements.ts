import {
  type AgreementReading,
  type KeptAgreement,
  NO_READING,
} from '../../lib/domain/agreement/kept-agreement.ts';
import { canonicalJson } from '../../lib/domain/ledger/canonical-json.ts';
import { between, DAY, HOUR, type Instant } from '../../lib/domain/time.ts';
import * as MESSAGES from '../../lib/observability/message-codes.ts';
import type { Dependencies } from './dependencies.ts';
import { readRequests } from './read-requests.ts';
import { readAllSummaries, readChanges } from './read-summaries.ts';
import { ServiceTrouble } from './service-trouble.ts';
import { followUp, type FollowedUp } from './follow-up.ts';

/** How often all summaries are read, to find what a search by the time of the last change missed. */
const FULL_EVERY = DAY;
/** How often if AWS does not take that filter: a full reading is then the only way to see changes. */
const FULL_EVERY_WITHOUT_FILTER = 6 * HOUR;

export interface ReadSummary extends FollowedUp {
  /** Summaries that said something new. */
  readonly changed: number;
}

/**
 * Reads what AWS changed since the last reading; once a day, reads everything. Then does the work that follows: reads terms and asks for
 * decisions on contracts. What does not fit into the time is done by the next reading, and doing it again repeats nothing. If AWS refuses
 * or does not answer, that is remembered for `doctor` and changes no contract.
 */
export async function readAgreements(
  tick: Instant,
  dependencies: Dependencies,
  askedBy: 'tick' | 'event' | 'request-event' = 'tick',
): Promise<ReadSummary> {
  const { agreements: book, now, log } = dependencies;
  const known = await book.reading();
  let reading = known ?? NO_READING;
  const changed: KeptAgreement[] = [];
  let worked: FollowedUp = { described: 0, asked: 0 };
  try {
    if (reading.upTo !== null && reading.isFilterTaken) {
      const read = await readChanges(reading, dependencies);
      reading = read.reading;
      changed.push(...read.changed);
    }
    if (isFullDue(reading, now())) {
      const read = await readAllSummaries(reading, dependencies);
      reading = read.reading;
      changed.push(...read.changed);
    }
    worked = await followUp(changed, tick, dependencies);
    reading = { ...reading, trouble: null, readAt: now() };
  } catch (error) {
    if (!(error instanceof ServiceTrouble)) throw error;
    const { cause, detail } = error.trouble;
    log.warn(MESSAGES.agreementsUnread, { cause, detail });
    const { trouble } = reading;
    const since = trouble?.cause === cause ? trouble.since : now();
    reading = { ...(error.reading ?? reading), trouble: { cause, detail, since } };
  }
  // Trouble with the agreements would also be trouble with the requests.
  if (reading.trouble === null)
    reading = await readRequests(reading, askedBy === 'request-event', dependencies);
  if (askedBy !== 'tick') reading = { ...reading, eventAt: now() };
  // If this write loses a race, another reading, caused by an event, was faster and knows as much.
  if (known === undefined || canonicalJson(known) !== canonicalJson(reading))
    await book.putReading({ ...reading, revision: (known?.revision ?? 0) + 1 }, known);
  const { described, asked } = worked;
  if (changed.length > 0 || asked > 0)
    log.info(MESSAGES.agreementsRead, { changed: changed.length, described, asked });
  return { changed: changed.length, described, asked };
}

function isFullDue({ fullAt, unfinished, isFilterTaken }: AgreementReading, now: Instant): boolean {
  if (fullAt === null || unfinished !== null) return true;
  return between(fullAt, now) >= (isFilterTaken ? FULL_EVERY : FULL_EVERY_WITHOUT_FILTER);
}
