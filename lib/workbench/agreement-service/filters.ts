import { endTimeBehavior, type Agreement } from './agreement.ts';
import { invalid } from './errors.ts';
import { mistyped, requireKnown, textOf, type Body } from './operation.ts';
import type { Switches } from './switches.ts';

/** The filters of a search: the one value of each, by name. */
export type Filters = ReadonlyMap<string, string>;

const NAME = { max: 32, pattern: /^[A-Za-z_]+$/, reason: 'INVALID_FILTER_NAME' };
/** Allows no dot, so an instant has no milliseconds. */
const VALUE = { max: 64, pattern: /^[A-Za-z0-9+:_-]+$/, reason: 'INVALID_FILTER_VALUES' };
/** Allows more than the 64 characters of the model from before it had this filter. */
const LICENSE_ARN = { ...VALUE, max: 255 };
const MOST_FILTERS = 10;

type Matches = (agreement: Agreement, value: string) => boolean;

const STATUSES = ['ACTIVE', 'CANCELLED', 'EXPIRED', 'RENEWED', 'REPLACED', 'TERMINATED'];
const VALUES: Readonly<Record<string, readonly string[]>> = {
  PartyType: ['Proposer', 'Acceptor'],
  AgreementType: ['PurchaseAgreement'],
  ResourceType: [
    'AmiProduct',
    'ContainerProduct',
    'SaaSProduct',
    'ProfessionalServicesProduct',
    'MachineLearningProduct',
  ],
  Status: [...STATUSES, 'ARCHIVED', 'ROLLED_BACK', 'SUPERSEDED'],
  EndTimeBehaviorType: ['RENEW', 'REPLACE', 'EXPIRE'],
  EndTimeBehaviorReasonCode: [
    'PROPOSER_RENEW_OPTED_OUT',
    'ACCEPTOR_RENEW_OPTED_OUT',
    'NO_RENEWAL_TERM',
    'RENEWAL_LIMIT_EXHAUSTED',
  ],
};

/** The filters that test for equality; the time filters are below. */
const MATCHES: Readonly<Record<string, Matches>> = {
  PartyType: () => true,
  AgreementType: () => true,
  ResourceIdentifier: ({ product }, value) => product.id === value,
  ResourceType: ({ product }, value) => product.type === value,
  AcceptorAccountId: ({ acceptorAccountId }, value) => acceptorAccountId === value,
  OfferId: ({ offer }, value) => offer.id === value,
  OfferSetId: () => false,
  Status: ({ status }, value) => status === value,
  EndTimeBehaviorType: (agreement, value) => endTimeBehavior(agreement)?.type === value,
  EndTimeBehaviorReasonCode: (agreement, value) => endTimeBehavior(agreement)?.reasonCode === value,
  InitialAgreementId: ({ initialAgreementId }, value) => initialAgreementId === value,
  LicenseArn: ({ licenseArn }, value) => licenseArn === value,
};

const TIMES = {
  EndTime: ({ endTime }: Agreement) => endTime,
  StartTime: ({ startTime }: Agreement) => startTime,
  LastUpdateTime: ({ lastUpdateTime }: Agreement) => lastUpdateTime,
} as const;
const TIME_FILTER = /^(Before|After)(EndTime|StartTime|LastUpdateTime)$/;

/** The filters that were added with `endTimeBehavior` in 2026. */
const NEWER = /StartTime|LastUpdateTime|EndTimeBehavior|InitialAgreementId|LicenseArn/;

/** "The following filter combinations are supported when the PartyType is Acceptor", apart from AgreementType and EndTime. */
const ACCEPTORS = [
  '',
  'Status',
  'ResourceIdentifier',
  'ResourceIdentifier+Status',
  'ResourceType',
  'OfferId',
  'OfferId+Status',
  'OfferSetId',
  'OfferSetId+Status',
];
/** The combinations in the older page of the API reference, for PartyType Proposer. */
const OLDER_PROPOSERS = [
  '',
  'ResourceType',
  'ResourceType+Status',
  'ResourceIdentifier',
  'ResourceIdentifier+Status',
  'AcceptorAccountId',
  'AcceptorAccountId+Status',
  'AcceptorAccountId+OfferId',
  'AcceptorAccountId+OfferId+Status',
  'AcceptorAccountId+ResourceIdentifier',
  'AcceptorAccountId+ResourceIdentifier+Status',
  'AcceptorAccountId+ResourceType',
  'AcceptorAccountId+ResourceType+Status',
  'OfferId',
  'OfferId+Status',
  'Status',
];

/** Reads and checks the filters of a search. */
export function filtersOf(value: unknown, switches: Switches): Filters {
  const filters = new Map<string, string>();
  for (const each of listOf(value ?? [], 'filters', MOST_FILTERS)) {
    const [name, text] = filterOf(each);
    if (filters.has(name))
      throw invalid('INVALID_FILTERS', 'filters', `filter ${name} is given twice`);
    filters.set(name, text);
  }
  if (!filters.has('PartyType'))
    throw invalid('MISSING_PARTY_TYPE', 'filters', 'filter PartyType is required');
  if (!filters.has('AgreementType')) throw unsupported(filters, 'filter AgreementType is required');
  requireCombination(filters, switches);
  return filters;
}

export function isMatch(agreement: Agreement, filters: Filters, switches: Switches): boolean {
  return [...filters].every(([name, value]) => {
    const [, side, member] = TIME_FILTER.exec(name) ?? [];
    if (side === undefined) return MATCHES[name]?.(agreement, value) === true;
    const at = TIMES[member as keyof typeof TIMES](agreement);
    if (at === undefined) return false;
    const bound = Date.parse(value);
    if (at === bound) return switches.timeFilters === 'inclusive';
    return side === 'Before' ? at < bound : at > bound;
  });
}

function filterOf(value: unknown): [string, string] {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw mistyped(value, 'a Structure');
  const filter = value as Body;
  requireKnown(filter, ['name', 'values'], 'Filter');
  const name = textOf(filter, 'name', NAME);
  if (name === undefined)
    throw invalid('MISSING_FILTER_NAME', 'filters', 'a filter must have a name');
  const isKnown = Object.hasOwn(MATCHES, name) || TIME_FILTER.test(name);
  if (!isKnown) throw invalid('INVALID_FILTER_NAME', 'filters', `filter ${name} is not supported`);
  if (filter['values'] === undefined || filter['values'] === null)
    throw invalid('MISSING_FILTER_VALUES', 'filters', `filter ${name} must have a value`);
  const [first] = listOf(filter['values'], `values of ${name}`, 1);
  const text = textOf({ [name]: first }, name, name === 'LicenseArn' ? LICENSE_ARN : VALUE) ?? '';
  const known = VALUES[name];
  const isRight = TIME_FILTER.test(name)
    ? !Number.isNaN(Date.parse(text))
    : (known?.includes(text) ?? true);
  if (!isRight)
    throw invalid(
      'INVALID_FILTER_VALUES',
      'filters',
      `filter ${name} has the value '${text}'; it may be ${known?.join(', ') ?? 'an instant like 2027-01-31T00:00:00Z'}`,
    );
  return [name, text];
}

function requireCombination(filters: Filters, { proposerFilters }: Switches): void {
  const isProposer = filters.get('PartyType') === 'Proposer';
  if (isProposer && proposerFilters === 'any-combination') return;
  const names = [...filters.keys()].filter((name) => !/^PartyType$|^AgreementType$/.test(name));
  const newer = names.find((name) => NEWER.test(name));
  const rest = names.filter((name) => !/^(Before|After)EndTime$/.test(name)).sort();
  const known = isProposer ? OLDER_PROPOSERS : ACCEPTORS;
  if (newer !== undefined || !known.includes(rest.join('+')))
    throw unsupported(
      filters,
      `not supported for PartyType ${filters.get('PartyType') ?? ''}: ${newer ?? rest.join(' + ')}`,
    );
}

function unsupported(filters: Filters, why: string) {
  const names = [...filters.keys()].join(' + ');
  return invalid('UNSUPPORTED_FILTERS', 'filters', `The filter combination ${names} is ${why}`);
}

function listOf(value: unknown, what: string, most: number): readonly unknown[] {
  if (!Array.isArray(value)) throw mistyped(value, 'a List');
  if (value.length <= most && (value.length > 0 || what === 'filters')) return value;
  const reason = what === 'filters' ? 'INVALID_FILTERS' : 'INVALID_FILTER_VALUES';
  throw invalid(reason, 'filters', `${what}: from 1 to ${most} are allowed, got ${value.length}`);
}
