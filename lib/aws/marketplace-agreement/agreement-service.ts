import type { AgreementTrouble } from '../../domain/agreement/kept-agreement.ts';
import type { AgreementDetails } from '../../domain/agreement/read-agreement.ts';
import type { AgreementService } from '../../domain/ports.ts';
import { cleanText } from '../../domain/outside-text.ts';
import type { Instant } from '../../domain/time.ts';
import { ANY_SERVICE, describe, errorName, type ErrorTable, FAILING, judge } from '../judge.ts';
import { textOf } from '../protocols.ts';
import { AwsError, type SignedCall } from '../signed-call.ts';
import { RoleRefusedError } from './role-credentials.ts';
import {
  type AcceptedTerm,
  AgreementShapeError,
  PAGES,
  parseCancellation,
  parseDetails,
  parseParties,
  parseSummary,
  shaped,
} from './parse-agreement.ts';

/** The most items that SearchAgreements answers with. */
const PAGE = 50;
/** One agreement has a handful of terms. An answer that goes on for more pages than this is cut off. */
const MOST_TERM_PAGES = 20;

/** The errors that another attempt may mend, in the spelling of the service's model. */
export const AGREEMENT_ERRORS: ErrorTable = {
  rows: { ...ANY_SERVICE, InternalServerException: FAILING },
  byMessage: [],
};

/**
 * The agreements of the seller's own account. `paced` waits before each call to stay within AWS's rate. Throws as the call does: see
 * `troubleOf`.
 */
export function agreementService(call: SignedCall, paced: () => Promise<void>): AgreementService {
  const ask = async (operation: string, input: object): Promise<unknown> => {
    await paced();
    return (await call(operation, input)).members;
  };
  return {
    search: async ({ changedAfter, token }) => {
      const said = await ask('SearchAgreements', {
        catalog: 'AWSMarketplace',
        filters: filtersOf(changedAfter),
        maxResults: PAGE,
        ...(token !== null && { nextToken: token }),
      });
      const { agreementViewSummaries = [], nextToken } = shaped(
        PAGES.summaries,
        said,
        'SearchAgreements',
      );
      const found = agreementViewSummaries.map((summary) => readable(() => parseSummary(summary)));
      return {
        summaries: found.filter((each) => typeof each !== 'string'),
        unreadable: found.filter((each) => typeof each === 'string'),
        // AWS is known to end lists with an empty token as well.
        nextToken: nextToken === undefined || nextToken === '' ? null : nextToken,
      };
    },

    details: async (agreementId): Promise<AgreementDetails> => {
      const described = await ask('DescribeAgreement', { agreementId });
      return parseDetails(described, await termsOf(agreementId));
    },

    cancellations: async ({ agreementId, token }) => {
      const operation = 'ListAgreementCancellationRequests';
      const said = await ask(operation, {
        catalog: 'AWSMarketplace',
        partyType: 'Proposer',
        ...(agreementId === null ? { status: 'PENDING_APPROVAL' } : { agreementId }),
        maxResults: PAGE,
        ...(token !== null && { nextToken: token }),
      });
      const { items = [], nextToken } = shaped(PAGES.cancellations, said, operation);
      const found = items.map((item) => readable(() => parseCancellation(item)));
      return {
        cancellations: found.filter((each) => typeof each !== 'string'),
        unreadable: found.filter((each) => typeof each === 'string'),
        nextToken: nextToken === undefined || nextToken === '' ? null : nextToken,
      };
    },

    parties: async (agreementId) => parseParties(await ask('DescribeAgreement', { agreementId })),
  };

  async function termsOf(agreementId: string): Promise<readonly AcceptedTerm[]> {
    const terms: AcceptedTerm[] = [];
    let nextToken: string | undefined;
    for (let page = 0; page < MOST_TERM_PAGES; page += 1) {
      const operation = 'GetAgreementTerms';
      const said = await ask(operation, { agreementId, ...(nextToken && { nextToken }) });
      const answer = shaped(PAGES.terms, said, operation);
      terms.push(...(answer.acceptedTerms ?? []));
      if (!answer.nextToken) return terms;
      if (answer.nextToken === nextToken) break;
      ({ nextToken } = answer);
    }
    // Of terms that are not whole, the one that renews may be missing: nobody is told that an agreement ends.
    throw new AgreementShapeError(
      `GetAgreementTerms of ${agreementId} does not end: the same page comes again, or more than ${MOST_TERM_PAGES}`,
    );
  }
}

function filtersOf(changedAfter: Instant | null) {
  return [
    { name: 'PartyType', values: ['Proposer'] },
    { name: 'AgreementType', values: ['PurchaseAgreement'] },
    ...(changedAfter === null ? [] : [{ name: 'AfterLastUpdateTime', values: [changedAfter] }]),
  ];
}

/** Returns the problem as a text if an item of a list cannot be read, so that it hides no other. */
function readable<Item>(parse: () => Item): Item | string {
  try {
    return parse();
  } catch (error) {
    if (error instanceof AgreementShapeError) return cleanText(error.message, 300);
    throw error;
  }
}

/** The reasons with which AWS rejects a filter. */
const FILTER_REASONS: ReadonlySet<string> = new Set([
  'UNSUPPORTED_FILTERS',
  'INVALID_FILTERS',
  'INVALID_FILTER_NAME',
  'INVALID_FILTER_VALUES',
]);

/** What an error of a call means. `filter`: AWS rejects a filter; `token`: the list has to be read from its beginning. */
export function agreementTroubleOf(error: unknown): {
  readonly cause: AgreementTrouble | 'filter' | 'token';
  readonly detail: string;
} {
  const detail = describe(error);
  const name = errorName(error);
  if (error instanceof AwsError && name === 'ValidationException') {
    const reason = textOf(error.members['reason']) ?? '';
    if (FILTER_REASONS.has(reason)) return { cause: 'filter', detail };
    return { cause: reason === 'INVALID_NEXT_TOKEN' ? 'token' : 'unexpected-answer', detail };
  }
  if (error instanceof AgreementShapeError) return { cause: 'unexpected-answer', detail };
  if (error instanceof RoleRefusedError) return { cause: 'role-refused', detail };
  if (name === 'AccessDeniedException') return { cause: 'denied', detail };
  const judgement = judge(AGREEMENT_ERRORS, error);
  const cause = 'cause' in judgement ? judgement.cause : 'unexpected-answer';
  if (cause === 'throttled') return { cause, detail };
  const isOfAws = cause === 'aws-failing' || cause === 'timed-out' || cause === 'unreachable';
  return { cause: isOfAws ? 'aws-failing' : 'unexpected-answer', detail };
}
