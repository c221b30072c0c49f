import {
  type AcceptedTerm,
  AccessDeniedException,
  DescribeAgreementCommand,
  GetAgreementTermsCommand,
  ListAgreementCancellationRequestsCommand,
  type MarketplaceAgreementClient,
  SearchAgreementsCommand,
  ThrottlingException,
  ValidationException,
} from '@aws-sdk/client-marketplace-agreement';
import type { AgreementTrouble } from '../../domain/agreement/kept-agreement.ts';
import type { AgreementDetails, AgreementSummary } from '../../domain/agreement/read-agreement.ts';
import type { AgreementService } from '../../domain/ports.ts';
import { cleanText } from '../../domain/outside-text.ts';
import type { Instant } from '../../domain/time.ts';
import { describe } from '../judge.ts';
import { RoleRefusedError } from './role-credentials.ts';
import {
  AgreementShapeError,
  parseCancellation,
  parseDetails,
  parseParties,
  parseSummary,
} from './parse-agreement.ts';

/** The most items that SearchAgreements answers with. */
const PAGE = 50;
/** One agreement has a handful of terms. An answer that goes on for more pages than this is cut off. */
const MOST_TERM_PAGES = 20;

/**
 * The agreements of the seller's own account. `paced` waits before each call to stay within AWS's rate. Throws as the client does: see
 * `troubleOf`.
 */
export function agreementService(
  client: Pick<MarketplaceAgreementClient, 'send'>,
  paced: () => Promise<void>,
): AgreementService {
  return {
    search: async ({ changedAfter, token }) => {
      await paced();
      const { agreementViewSummaries = [], nextToken } = await client.send(
        new SearchAgreementsCommand({
          catalog: 'AWSMarketplace',
          filters: filtersOf(changedAfter),
          maxResults: PAGE,
          ...(token !== null && { nextToken: token }),
        }),
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
      await paced();
      const described = await client.send(new DescribeAgreementCommand({ agreementId }));
      return parseDetails(described, await termsOf(agreementId));
    },

    cancellations: async ({ agreementId, token }) => {
      await paced();
      const { items = [], nextToken } = await client.send(
        new ListAgreementCancellationRequestsCommand({
          catalog: 'AWSMarketplace',
          partyType: 'Proposer',
          ...(agreementId === null ? { status: 'PENDING_APPROVAL' } : { agreementId }),
          maxResults: PAGE,
          ...(token !== null && { nextToken: token }),
        }),
      );
      return {
        cancellations: items.map(parseCancellation).filter((each) => each !== null),
        nextToken: nextToken === undefined || nextToken === '' ? null : nextToken,
      };
    },

    parties: async (agreementId) => {
      await paced();
      return parseParties(await client.send(new DescribeAgreementCommand({ agreementId })));
    },
  };

  async function termsOf(agreementId: string): Promise<readonly AcceptedTerm[]> {
    const terms: AcceptedTerm[] = [];
    let nextToken: string | undefined;
    for (let page = 0; page < MOST_TERM_PAGES; page += 1) {
      await paced();
      const answer = await client.send(
        new GetAgreementTermsCommand({ agreementId, ...(nextToken && { nextToken }) }),
      );
      terms.push(...(answer.acceptedTerms ?? []));
      if (!answer.nextToken || answer.nextToken === nextToken) return terms;
      ({ nextToken } = answer);
    }
    return terms;
  }
}

function filtersOf(changedAfter: Instant | null) {
  return [
    { name: 'PartyType', values: ['Proposer'] },
    { name: 'AgreementType', values: ['PurchaseAgreement'] },
    ...(changedAfter === null ? [] : [{ name: 'AfterLastUpdateTime', values: [changedAfter] }]),
  ];
}

/** Returns the problem as a text if a summary cannot be read, so that it hides no other. */
function readable(parse: () => AgreementSummary): AgreementSummary | string {
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
export function troubleOf(error: unknown): {
  readonly cause: AgreementTrouble | 'filter' | 'token';
  readonly detail: string;
} {
  const detail = describe(error);
  if (error instanceof ValidationException) {
    const reason = error.reason ?? '';
    if (FILTER_REASONS.has(reason)) return { cause: 'filter', detail };
    return { cause: reason === 'INVALID_NEXT_TOKEN' ? 'token' : 'unexpected-answer', detail };
  }
  if (error instanceof RoleRefusedError) return { cause: 'role-refused', detail };
  if (error instanceof AccessDeniedException) return { cause: 'denied', detail };
  if (error instanceof ThrottlingException) return { cause: 'throttled', detail };
  return { cause: isOfAws(error) ? 'aws-failing' : 'unexpected-answer', detail };
}

/** True if AWS is failing, slow or out of reach. */
function isOfAws(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const status =
    '$metadata' in error
      ? (error.$metadata as { httpStatusCode?: number }).httpStatusCode
      : undefined;
  return status === undefined || status >= 500;
}
