import {
  type AgreementCount,
  type AgreementReading,
  type KeptAgreement,
  NOTHING_COUNTED,
} from '../../lib/domain/agreement/kept-agreement.ts';
import {
  agreementsOfSummary,
  type AgreementSummary,
  keptOfSummary,
} from '../../lib/domain/agreement/read-agreement.ts';
import { contractKey } from '../../lib/domain/license/contract.ts';
import { sideBySide } from '../../lib/domain/side-by-side.ts';
import { HOUR, type Instant, plus } from '../../lib/domain/time.ts';
import type { Dependencies } from './dependencies.ts';
import { readableOrProblem } from '../../lib/observability/handler.ts';
import { ask, ServiceTrouble } from './service-trouble.ts';

/** The overlap with the last reading: AWS's search may show a change later than it happened, so the hour before is read again. */
const OVERLAP = HOUR;
/** Reserved at the end of the invocation for writing a page and how far the reading came. */
export const LEAST_MILLISECONDS = 20_000;
/** Summaries of a page that are compared with the stored ones side by side. */
const WIDTH = 10;

export interface ChangesRead {
  readonly reading: AgreementReading;
  /** Agreements that are new or changed, and still have their next step to do. */
  readonly changed: readonly KeptAgreement[];
}

/** Reads what AWS changed since the last finished reading. */
export async function readChanges(
  reading: AgreementReading,
  dependencies: Dependencies,
): Promise<ChangesRead> {
  const startedAt = dependencies.now();
  const { upTo } = reading;
  if (upTo === null) return { reading, changed: [] };
  const pages = await readPages(
    { changedAfter: plus(upTo, -OVERLAP), token: null, isFirst: false },
    NOTHING_COUNTED,
    reading,
    dependencies,
  );
  if (pages.kind === 'filter')
    return { reading: { ...reading, isFilterTaken: false }, changed: pages.changed };
  // Pages that were not reached are read again. What is stored by then costs one read each.
  const isDone = pages.kind === 'done';
  return { reading: isDone ? { ...reading, upTo: startedAt } : reading, changed: pages.changed };
}

/** Reads all summaries, page by page. The next reading continues with what does not fit into the time. */
export async function readAllSummaries(
  reading: AgreementReading,
  dependencies: Dependencies,
): Promise<ChangesRead> {
  const { now } = dependencies;
  const begun = { startedAt: now(), token: null, found: NOTHING_COUNTED };
  const { startedAt, token, found } = reading.unfinished ?? begun;
  const isFirst = reading.fullAt === null;
  const pages = await readPages(
    { changedAfter: null, token, isFirst },
    found,
    { ...reading, unfinished: reading.unfinished ?? begun },
    dependencies,
  );
  const { changed } = pages;
  switch (pages.kind) {
    case 'done':
      return {
        reading: {
          ...reading,
          upTo: reading.upTo ?? startedAt,
          fullAt: startedAt,
          found: pages.found,
          unfinished: null,
          // Try the filter again: AWS may take it now.
          isFilterTaken: true,
        },
        changed,
      };
    case 'out-of-time':
      return {
        reading: { ...reading, unfinished: { startedAt, token: pages.token, found: pages.found } },
        changed,
      };
    // The remembered token is no longer valid.
    case 'token':
      return { reading: { ...reading, unfinished: null }, changed };
    case 'filter':
      throw new ServiceTrouble({
        cause: 'unexpected-answer',
        detail: 'SearchAgreements does not take PartyType Proposer with AgreementType',
      });
  }
}

interface Search {
  readonly changedAfter: Instant | null;
  readonly token: string | null;
  readonly isFirst: boolean;
}

type Pages = { readonly changed: readonly KeptAgreement[] } & (
  | { readonly kind: 'done'; readonly found: AgreementCount }
  | { readonly kind: 'out-of-time'; readonly token: string | null; readonly found: AgreementCount }
  | { readonly kind: 'filter' | 'token' }
);

async function readPages(
  { changedAfter, token: first, isFirst }: Search,
  before: AgreementCount,
  reading: AgreementReading,
  dependencies: Dependencies,
): Promise<Pages> {
  const { service, remainingMilliseconds } = dependencies;
  const tokens = new Set<string | null>([first]);
  const changed: KeptAgreement[] = [];
  let [token, found]: [string | null, AgreementCount] = [first, before];
  for (;;) {
    if (remainingMilliseconds() < LEAST_MILLISECONDS)
      return { kind: 'out-of-time', token, found, changed };
    const place = token;
    const page = await ask(
      () => service.search({ changedAfter, token: place }),
      dependencies,
    ).catch((error: unknown) => {
      throw changedAfter === null && error instanceof ServiceTrouble
        ? goingOn(error, reading, { token: place, found })
        : error;
    });
    if (page === 'filter' || page === 'token') return { kind: page, changed };
    const { summaries, unreadable, nextToken } = page;
    const kept = await keepPage(summaries, isFirst, dependencies);
    changed.push(...kept.changed);
    found = sum(sum(found, kept.found), {
      ...NOTHING_COUNTED,
      unreadable: unreadable.length,
      example: unreadable[0] ?? null,
    });
    if (nextToken === null) return { kind: 'done', found, changed };
    if (tokens.has(nextToken))
      throw new ServiceTrouble({
        cause: 'unexpected-answer',
        detail: 'SearchAgreements answers with a page that was read already, as the next one',
      });
    tokens.add(nextToken);
    token = nextToken;
  }
}

/** Adds the progress of a full reading, so that the pages before the trouble are not read again. */
function goingOn(
  { trouble }: ServiceTrouble,
  reading: AgreementReading,
  { token, found }: { readonly token: string | null; readonly found: AgreementCount },
): ServiceTrouble {
  const { unfinished } = reading;
  if (unfinished === null) return new ServiceTrouble(trouble);
  return new ServiceTrouble(trouble, { ...reading, unfinished: { ...unfinished, token, found } });
}

/** Stores what is new on a page. */
async function keepPage(
  summaries: readonly AgreementSummary[],
  isFirst: boolean,
  { agreements: book, settings, sellerAccountId, now, log }: Dependencies,
): Promise<{ readonly changed: readonly KeptAgreement[]; readonly found: AgreementCount }> {
  const products = settings.products.filter(({ retired }) => !retired);
  const changed: KeptAgreement[] = [];
  let found = NOTHING_COUNTED;
  await sideBySide(summaries, WIDTH, async (summary) => {
    const seen = agreementsOfSummary(summary, { sellerAccountId, products }, now());
    if (seen === 'other-seller') found = sum(found, { ...NOTHING_COUNTED, otherSellers: 1 });
    else if (seen === 'other-product') found = sum(found, { ...NOTHING_COUNTED, otherProducts: 1 });
    else if (seen !== 'old') {
      for (const each of seen) {
        const contract = contractKey(each.buyerAccountId, each.productId);
        const known = await readableOrProblem(() => book.find(contract, each.agreementId), log);
        if (typeof known === 'string') {
          found = sum(found, { ...NOTHING_COUNTED, unreadable: 1, example: known });
          continue;
        }
        const kept = keptOfSummary(each, known, { now: now(), isFirst });
        // If `put` loses to another reading, that one saw the same.
        if (kept !== null && (await book.put(kept, known))) changed.push(kept);
        found = sum(found, { ...NOTHING_COUNTED, kept: 1 });
      }
    }
  });
  return { changed, found };
}

function sum(a: AgreementCount, b: AgreementCount): AgreementCount {
  return {
    kept: a.kept + b.kept,
    otherProducts: a.otherProducts + b.otherProducts,
    otherSellers: a.otherSellers + b.otherSellers,
    unreadable: a.unreadable + b.unreadable,
    example: a.example ?? b.example,
  };
}
