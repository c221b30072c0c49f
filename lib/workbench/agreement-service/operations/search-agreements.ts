import { endTimeBehavior, type Agreement } from '../agreement.ts';
import { invalid } from '../errors.ts';
import { filtersOf, isMatch, type Filters } from '../filters.ts';
import {
  mistyped,
  pageOf,
  requireKnown,
  textOf,
  type Body,
  type Call,
  type Operation,
} from '../operation.ts';
import {
  acceptedAt,
  agreementType,
  parties,
  proposalSummary,
  seconds,
  shownEnd,
} from '../shown.ts';

const CATALOG = { max: 64, pattern: /^[a-zA-Z0-9.-]+$/, reason: 'INVALID_CATALOG' };
const SORT_BY = { max: 255, pattern: /^[A-Za-z_]+$/, reason: 'INVALID_SORT_BY' };
const SORT_ORDER = { max: 10, pattern: /^(ASCENDING|DESCENDING)$/, reason: 'INVALID_SORT_ORDER' };

export const searchAgreements: Operation = {
  name: 'SearchAgreements',
  context: ({ filters }) => contextOf(filters),
  perform: (input, call) => {
    requireKnown(
      input,
      ['catalog', 'filters', 'sort', 'maxResults', 'nextToken'],
      'SearchAgreements',
    );
    const catalog = textOf(input, 'catalog', CATALOG) ?? 'AWSMarketplace';
    if (catalog !== 'AWSMarketplace')
      throw invalid('INVALID_CATALOG', 'catalog', `Catalog ${catalog} is not supported.`);
    const filters = filtersOf(input['filters'], call.switches);
    const compare = orderOf(input['sort'], filters, call);
    const found = call.agreements
      .indexed(call.now, call.switches)
      .filter((each) => isVisible(each, filters, call) && isMatch(each, filters, call.switches))
      .sort(compare);
    const question = JSON.stringify([input['filters'], input['sort']]);
    const { members, nextToken } = pageOf(found, input, question);
    return {
      agreementViewSummaries: members.map((each) => summary(each, call)),
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

function isVisible(agreement: Agreement, filters: Filters, { accountId, switches }: Call): boolean {
  const { proposerAccountId, acceptorAccountId, product } = agreement;
  if (product.type === 'AmiProduct' && switches.amiAgreements === 'not-listed') return false;
  const party = filters.get('PartyType') === 'Proposer' ? proposerAccountId : acceptorAccountId;
  return party === accountId;
}

type Compare = (one: Agreement, other: Agreement) => number;

function orderOf(sort: unknown, filters: Filters, { switches }: Call): Compare {
  if (sort !== undefined && (typeof sort !== 'object' || sort === null))
    throw mistyped(sort, 'a Structure');
  const given = (sort ?? {}) as Body;
  requireKnown(given, ['sortBy', 'sortOrder'], 'Sort');
  const by = textOf(given, 'sortBy', SORT_BY) ?? 'EndTime';
  const direction = textOf(given, 'sortOrder', SORT_ORDER) === 'DESCENDING' ? -1 : 1;
  const isOld = switches.proposerFilters === 'older-combinations';
  const ofProposer = isOld ? {} : { StartTime: startTime, LastUpdateTime: lastUpdateTime };
  const known: Readonly<Record<string, (agreement: Agreement) => number>> = {
    EndTime: ({ endTime }) => endTime ?? Number.MAX_SAFE_INTEGER,
    ...(filters.get('PartyType') === 'Proposer' && ofProposer),
  };
  const key = Object.hasOwn(known, by) ? known[by] : undefined;
  if (key === undefined)
    throw invalid(
      'INVALID_SORT_BY',
      'sortBy',
      `sortBy ${by} is not supported; it may be ${Object.keys(known).join(', ')}`,
    );
  return (one, other) => direction * (key(one) - key(other) || (one.id < other.id ? -1 : 1));
}

const startTime = (agreement: Agreement): number => agreement.startTime;
const lastUpdateTime = (agreement: Agreement): number => agreement.lastUpdateTime;

function summary(agreement: Agreement, { switches }: Call): Body {
  const { id, licenseArn, initialAgreementId } = agreement;
  const behavior = switches.endTimeBehavior === 'present' ? endTimeBehavior(agreement) : undefined;
  const isNamed = licenseArn !== undefined && switches.licenseArn === 'present';
  return {
    agreementId: id,
    ...acceptedAt(agreement),
    ...shownEnd(agreement, switches),
    lastUpdateTime: seconds(agreement.lastUpdateTime),
    ...agreementType,
    ...parties(agreement),
    ...proposalSummary(agreement),
    status: agreement.status,
    ...(isNamed && { entitlements: [{ licenseArn }] }),
    initialAgreementId,
    ...(behavior && { endTimeBehaviorType: behavior.type }),
    ...(behavior?.reasonCode !== undefined && { endTimeBehaviorReasonCode: behavior.reasonCode }),
  };
}
