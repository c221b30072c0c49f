import { endTimeBehavior, type Agreement } from '../agreement.ts';
import { notFound } from '../errors.ts';
import { agreementIdOf, requireKnown, type Body, type Call, type Operation } from '../operation.ts';
import { acceptedAt, agreementType, parties, proposalSummary, shownEnd } from '../shown.ts';

export const describeAgreement: Operation = {
  name: 'DescribeAgreement',
  context: partyContext,
  perform: (input, call) => {
    requireKnown(input, ['agreementId'], 'DescribeAgreement');
    const agreement = ownAgreement(agreementIdOf(input), call);
    const behavior = endTimeBehavior(agreement);
    return {
      agreementId: agreement.id,
      ...parties(agreement),
      ...acceptedAt(agreement),
      ...shownEnd(agreement),
      ...agreementType,
      estimatedCharges: { currencyCode: 'USD', agreementValue: '105000.00' },
      ...proposalSummary(agreement),
      status: agreement.status,
      initialAgreementId: agreement.initialAgreementId,
      ...(behavior && { endTimeBehavior: behavior }),
    };
  },
};

/** "that you participated in as proposer or acceptor": for anybody else the agreement does not exist. */
export function ownAgreement(id: string, { agreements, accountId }: Call): Agreement {
  const agreement = agreements.get(id);
  if (agreement === undefined || partyOf(agreement, accountId) === undefined) throw notFound(id);
  return agreement;
}

export function partyContext(input: Body, call: Call): Record<string, string | string[]> {
  const id = input['agreementId'];
  const agreement = typeof id === 'string' ? call.agreements.get(id) : undefined;
  const party = agreement === undefined ? undefined : partyOf(agreement, call.accountId);
  if (party === undefined) return {};
  return {
    'aws-marketplace:PartyType': party,
    'aws-marketplace:AgreementType': [agreementType.agreementType],
  };
}

function partyOf(
  { proposerAccountId, acceptorAccountId }: Agreement,
  accountId: string,
): 'Proposer' | 'Acceptor' | undefined {
  if (proposerAccountId === accountId) return 'Proposer';
  return acceptorAccountId === accountId ? 'Acceptor' : undefined;
}
