import { type Standing, STANDINGS } from '../../../domain/license/contract.ts';
import { NEWS_TYPES, type NewsType } from '../model-shape.ts';

/** What the reader asked for. An empty member: all. */
export interface Filters {
  /** Words of the buyer's name or account. */
  readonly text: string;
  /** ID of a product. */
  readonly product: string;
  readonly standing: Standing | 'blind' | '';
  readonly change: NewsType | '';
  /** First and last day, UTC. */
  readonly from: string;
  readonly to: string;
}

export const NO_FILTERS: Filters = {
  text: '',
  product: '',
  standing: '',
  change: '',
  from: '',
  to: '',
};

/** Reads the filters behind the `#` of the page's address, by which a view can be kept and sent. Undefined: it is no filter. */
export function filtersOfHash(hash: string): Filters | undefined {
  if (!hash.includes('=')) return hash.replace('#', '') === '' ? NO_FILTERS : undefined;
  const given = new URLSearchParams(hash.replace(/^#/, ''));
  const said = (name: keyof Filters): string => given.get(name) ?? '';
  return {
    text: said('text').slice(0, 200),
    product: said('product').slice(0, 200),
    standing: oneOf([...STANDINGS, 'blind'], said('standing')),
    change: oneOf(NEWS_TYPES, said('change')),
    from: dayOf(said('from')),
    to: dayOf(said('to')),
  };
}

export function hashOf(filters: Filters): string {
  const given = Object.entries(filters).filter(([, value]) => value !== '');
  return given.length === 0 ? '' : `#${new URLSearchParams(given).toString()}`;
}

function oneOf<Value extends string>(values: readonly Value[], text: string): Value | '' {
  return values.find((value) => value === text) ?? '';
}

/** Empty for 31 February, too, which `Date.parse` makes 3 March. */
function dayOf(text: string): string {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(text) : NaN;
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text) ? text : '';
}
