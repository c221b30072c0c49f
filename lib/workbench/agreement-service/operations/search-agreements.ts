import { endTimeBehavior, type Agreement } from '../agreement.ts';
import { filtersOf } from '../filters.ts';
import { pageOf, requireCatalog, requireKnown, type Body, type Operation } from '../operation.ts';
import {
  acceptedAt,
  agreementType,
  parties,
  proposalSummary,
  seconds,
  shownEnd,
} from '../shown.ts';

/** Finds a seller's agreements, sorted by their end; other orders are not built. */
export const searchAgreements: Operation = {
  name: 'SearchAgreements',
  context: ({ filters }) => contextOf(filters),
  perform: (input, { accountId, agreements }) => {
    requireKnown(input, ['catalog', 'filters', 'maxResults', 'nextToken'], 'SearchAgreements');
    requireCatalog(input);
    const filters = filtersOf(input['filters']);
    const changedAfter = Date.parse(filters.get('AfterLastUpdateTime') ?? '1970-01-01');
    const found = agreements
      .all()
      .filter(
        ({ proposerAccountId, lastUpdateTime }) =>
          proposerAccountId === accountId && lastUpdateTime > changedAfter,
      )
      .sort((one, other) => endOf(one) - endOf(other) || (one.id < other.id ? -1 : 1));
    const { members, nextToken } = pageOf(found, input, JSON.stringify(input['filters']));
    return {
      agreementViewSummaries: members.map(summary),
      ...(nextToken !== undefined && { nextToken }),
    };
  },
};

/** Reads the filters unchecked: IAM decides before the request is known to be valid. */
function contextOf(filters: unknown): Record<string, string | string[]> {
  const valueOf = (name: string): string | undefined => {
    const all = (Array.isArray(filters) ? filters : []) as (Body | null)[];
    const values = all.find((each) => each?.['name'] === name)?.['values'];
    const [value] = Array.isArray(values) ? (values as unknown[]) : [];
    return typeof value === 'string' ? value : undefined;
  };
  const [party, type] = [valueOf('PartyType'), valueOf('AgreementType')];
  return {
    ...(party !== undefined && { 'aws-marketplace:PartyType': party }),
    ...(type !== undefined && { 'aws-marketplace:AgreementType': [type] }),
  };
}

function endOf({ endTime = Number.MAX_SAFE_INTEGER }: Agreement): number {
  return endTime;
}

function summary(agreement: Agreement): Body {
  const { id, licenseArn, initialAgreementId } = agreement;
  const behavior = endTimeBehavior(agreement);
  return {
    agreementId: id,
    ...acceptedAt(agreement),
    ...shownEnd(agreement),
    lastUpdateTime: seconds(agreement.lastUpdateTime),
    ...agreementType,
    ...parties(agreement),
    ...proposalSummary(agreement),
    status: agreement.status,
    ...(licenseArn !== undefined && { entitlements: [{ licenseArn }] }),
    initialAgreementId,
    ...(behavior && { endTimeBehaviorType: behavior.type }),
    ...(behavior?.reasonCode !== undefined && { endTimeBehaviorReasonCode: behavior.reasonCode }),
  };
}
