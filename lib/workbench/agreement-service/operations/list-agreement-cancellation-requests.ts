import { invalid } from '../errors.ts';
import type { CancellationRequest } from '../events.ts';
import { pageOf, requireKnown, textOf, type Body, type Operation } from '../operation.ts';
import { agreementType, seconds } from '../shown.ts';

// From the published model. Its ValidationExceptionReason has no value of its own for most of these.
const PARTY = { max: 32, pattern: /^[A-Za-z]+$/, reason: 'OTHER' };
const AGREEMENT = { max: 64, pattern: /^[A-Za-z0-9_/-]+$/, reason: 'INVALID_AGREEMENT_ID' };
const TYPE = { max: 64, pattern: /^[A-Za-z]+$/, reason: 'OTHER' };
const CATALOG = { max: 64, pattern: /^[a-zA-Z0-9.-]+$/, reason: 'INVALID_CATALOG' };
const STATUS = {
  max: 32,
  pattern: /^(PENDING_APPROVAL|APPROVED|REJECTED|CANCELLED|VALIDATION_FAILED)$/,
  reason: 'OTHER',
};

export const listAgreementCancellationRequests: Operation = {
  name: 'ListAgreementCancellationRequests',
  context: ({ partyType }) =>
    typeof partyType === 'string' ? { 'aws-marketplace:PartyType': partyType } : {},
  perform: (input, { accountId, agreements, requests }) => {
    requireKnown(
      input,
      ['partyType', 'agreementId', 'status', 'agreementType', 'catalog', 'maxResults', 'nextToken'],
      'ListAgreementCancellationRequests',
    );
    const party = textOf(input, 'partyType', PARTY);
    if (party !== 'Proposer' && party !== 'Acceptor')
      throw invalid('OTHER', 'partyType', 'partyType is required: Proposer or Acceptor');
    const agreementId = textOf(input, 'agreementId', AGREEMENT);
    const status = textOf(input, 'status', STATUS);
    const type = textOf(input, 'agreementType', TYPE) ?? agreementType.agreementType;
    const catalog = textOf(input, 'catalog', CATALOG) ?? 'AWSMarketplace';
    const isOwn = (request: CancellationRequest): boolean => {
      const agreement = agreements.get(request.agreementId);
      const own =
        party === 'Proposer' ? agreement?.proposerAccountId : agreement?.acceptorAccountId;
      return own === accountId;
    };
    const found = [...requests.values()].filter(
      (each) =>
        isOwn(each) &&
        (agreementId ?? each.agreementId) === each.agreementId &&
        (status ?? each.status) === each.status &&
        type === agreementType.agreementType &&
        catalog === 'AWSMarketplace',
    );
    const question = JSON.stringify([party, agreementId, status, type, catalog]);
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
