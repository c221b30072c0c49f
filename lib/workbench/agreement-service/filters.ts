import { invalid } from './errors.ts';
import { mistyped, requireKnown, textOf, type Body } from './operation.ts';

const NAME = { max: 32, pattern: /^[A-Za-z_]+$/, reason: 'INVALID_FILTER_NAME' };
/** Allows no dot, so an instant has no milliseconds. */
const VALUE = { max: 64, pattern: /^[A-Za-z0-9+:_-]+$/, reason: 'INVALID_FILTER_VALUES' };
const MOST_FILTERS = 10;

/** The filters that the watcher searches by, and their values. The model has more filters, and `Acceptor` for a party. */
const BUILT: Readonly<Record<string, string>> = {
  PartyType: 'Proposer',
  AgreementType: 'PurchaseAgreement',
  AfterLastUpdateTime: 'an instant like 2027-01-31T00:00:00Z',
};

/** Reads and checks the filters of a search: the one value of each, by name. */
export function filtersOf(value: unknown): ReadonlyMap<string, string> {
  const filters = new Map<string, string>();
  for (const each of listOf(value ?? [], 'filters', MOST_FILTERS)) {
    const [name, text] = filterOf(each);
    if (filters.has(name))
      throw invalid('INVALID_FILTERS', 'filters', `filter ${name} is given twice`);
    filters.set(name, text);
  }
  if (!filters.has('PartyType'))
    throw invalid('MISSING_PARTY_TYPE', 'filters', 'filter PartyType is required');
  if (!filters.has('AgreementType'))
    throw invalid('UNSUPPORTED_FILTERS', 'filters', 'filter AgreementType is required');
  return filters;
}

function filterOf(value: unknown): [string, string] {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw mistyped(value, 'a Structure');
  const filter = value as Body;
  requireKnown(filter, ['name', 'values'], 'Filter');
  const name = textOf(filter, 'name', NAME);
  if (name === undefined)
    throw invalid('MISSING_FILTER_NAME', 'filters', 'a filter must have a name');
  const known = Object.hasOwn(BUILT, name) ? BUILT[name] : undefined;
  if (known === undefined)
    throw invalid(
      'INVALID_FILTER_NAME',
      'filters',
      `filter ${name} is not built here; built are ${Object.keys(BUILT).join(', ')}`,
    );
  if (filter['values'] === undefined || filter['values'] === null)
    throw invalid('MISSING_FILTER_VALUES', 'filters', `filter ${name} must have a value`);
  const [first] = listOf(filter['values'], `values of ${name}`, 1);
  const text = textOf({ [name]: first }, name, VALUE) ?? '';
  const isRight = name === 'AfterLastUpdateTime' ? isInstant(text) : text === known;
  if (!isRight)
    throw invalid(
      'INVALID_FILTER_VALUES',
      'filters',
      `filter ${name} has the value '${text}'; here it may be ${known}`,
    );
  return [name, text];
}

/** False for 31 February, too, which `Date.parse` makes 3 March. */
function isInstant(text: string): boolean {
  const [day = ''] = text.split('T');
  const midnight = Date.parse(`${day}T00:00:00Z`);
  if (Number.isNaN(Date.parse(text)) || Number.isNaN(midnight)) return false;
  return new Date(midnight).toISOString().startsWith(day);
}

function listOf(value: unknown, what: string, most: number): readonly unknown[] {
  if (!Array.isArray(value)) throw mistyped(value, 'a List');
  if (value.length <= most && (value.length > 0 || what === 'filters')) return value;
  const reason = what === 'filters' ? 'INVALID_FILTERS' : 'INVALID_FILTER_VALUES';
  throw invalid(reason, 'filters', `${what}: from 1 to ${most} are allowed, got ${value.length}`);
}
