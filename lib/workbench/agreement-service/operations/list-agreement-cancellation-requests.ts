import { invalid } from '../errors.ts';
import type { CancellationRequest } from '../events.ts';
import {
  pageOf,
  requireCatalog,
  requireKnown,
  textOf,
  type Body,
  type Operation,
} from '../operation.ts';
import { agreementType, seconds } from '../shown.ts';

// From the published model. Its ValidationExceptionReason has no value of its own for party and status.
const PARTY = { max: 32, pattern: /^[A-Za-z]+$/, reason: 'OTHER' };
const AGREEMENT = { max: 64, pattern: /^[A-Za-z0-9_/-]+$/, reason: 'INVALID_AGREEMENT_ID' };
const STATUS = {
  max: 32,
  pattern: /^(PENDING_APPROVAL|APPROVED|REJECTED|CANCELLED|VALIDATION_FAILED)$/,
  reason: 'OTHER',
};

/** The requests of a seller; those to a buyer are not built. */
export const listAgreementCancellationRequests: Operation = {
  name: 'ListAgreementCancellationRequests',
  context: ({ partyType }) =>
    typeof partyType === 'string' ? { 'aws-marketplace:PartyType': partyType } : {},
  perform: (input, { accountId, agreements, requests }) => {
    requireKnown(
      input,
      ['partyType', 'agreementId', 'status', 'catalog', 'maxResults', 'nextToken'],
      'ListAgreementCancellationRequests',
    );
    requireCatalog(input);
    if (textOf(input, 'partyType', PARTY) !== 'Proposer')
      throw invalid('OTHER', 'partyType', 'partyType is required; built is Proposer');
    const agreementId = textOf(input, 'agreementId', AGREEMENT);
    const status = textOf(input, 'status', STATUS);
    const found = [...requests.values()].filter(
      (each) =>
        agreements.get(each.agreementId)?.proposerAccountId === accountId &&
        (agreementId ?? each.agreementId) === each.agreementId &&
        (status ?? each.status) === each.status,
    );
    const question = JSON.stringify([agreementId, status]);
    const { members, nextToken } = pageOf(found, input, question);
    return { items: members.map(summary), ...(nextToken !== undefined && { nextToken }) };
  },
};

function summary(request: CancellationRequest): Body {
  const { id, agreementId, status, reasonCode, createdAt, updatedAt } = request;
  return {
    agreementCancellationRequestId: id,
    ...{ agreementId, status, reasonCode, catalog: 'AWSMarketplace' },
    ...agreementType,
    createdAt: seconds(createdAt),
    updatedAt: seconds(updatedAt),
  };
}
