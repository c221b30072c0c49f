import { STANDINGS } from '../../../domain/license/contract.ts';
import { NEWS_TYPES, type ReportModel } from '../model-shape.ts';
import { filtersOfHash, hashOf, NO_FILTERS, type Filters } from '../view/filters.ts';
import { newsWords, standingWords } from '../view/words.ts';
import { button, el, newId } from './dom.ts';

/** The controls that choose what is shown. They are ordinary ones, so that every keyboard and screen reader knows them. */
export class FilterForm {
  readonly element: HTMLFormElement;
  readonly #text = el('input', {
    type: 'search',
    maxlength: 200,
    autocomplete: 'off',
    spellcheck: 'false',
  });
  readonly #product = el('select');
  readonly #standing = select([
    ['', 'any'],
    ['blind', 'cannot be seen'],
    ...STANDINGS.map((standing) => [standing, standingWords(standing)] as const),
  ]);
  readonly #change = select([
    ['', 'any'],
    ...NEWS_TYPES.map((type) => [type, newsWords(type)] as const),
  ]);
  readonly #from = el('input', { type: 'date' });
  readonly #to = el('input', { type: 'date' });
  readonly #status = el('p', { role: 'status', class: 'count' });

  constructor(changed: () => void) {
    const clear = button('Clear all filters', {}, () => {
      this.filters = NO_FILTERS;
      changed();
      this.#text.focus();
    });
    const controls = el(
      'div',
      { class: 'filters' },
      el(
        'fieldset',
        {},
        el('legend', {}, 'Which contracts'),
        field('Buyer or account', this.#text),
        field('Product', this.#product),
        field('Standing', this.#standing),
      ),
      el(
        'fieldset',
        {},
        el('legend', {}, 'Which changes'),
        field('Change', this.#change),
        field('From (UTC)', this.#from),
        field('To (UTC)', this.#to),
      ),
      clear,
    );
    // Closed on a phone, where they would stand between the reader and what is to be done.
    const folded = el(
      'details',
      { open: innerWidth > 640 },
      el('summary', {}, 'Filters'),
      controls,
    );
    this.element = el('form', { role: 'search', 'aria-label': 'Filters' }, folded, this.#status);
    this.element.addEventListener('input', changed);
    this.element.addEventListener('submit', (event) => {
      event.preventDefault();
    });
  }

  /** Sets what can be chosen. What was chosen stays chosen if it still exists. */
  offer({ products }: ReportModel): void {
    const { value } = this.#product;
    this.#product.replaceChildren(
      ...options([['', 'any'], ...products.map(({ id, name }) => [id, name] as const)]),
    );
    this.#product.value = products.some(({ id }) => id === value) ? value : '';
  }

  /** Says how much is shown. */
  say(words: string): void {
    this.#status.textContent = words;
  }

  /** Read back from the controls, so that an option that does not exist is not chosen. */
  get filters(): Filters {
    const given = {
      text: this.#text.value.trim(),
      product: this.#product.value,
      standing: this.#standing.value,
      change: this.#change.value,
      from: this.#from.value,
      to: this.#to.value,
    };
    return filtersOfHash(`#${new URLSearchParams(given).toString()}`) ?? NO_FILTERS;
  }

  set filters(filters: Filters) {
    this.#text.value = filters.text;
    this.#product.value = filters.product;
    this.#standing.value = filters.standing;
    this.#change.value = filters.change;
    this.#from.value = filters.from;
    this.#to.value = filters.to;
    // A product that is gone would leave the control without any choice.
    if (this.#product.selectedIndex < 0) this.#product.value = '';
  }

  get hash(): string {
    return hashOf(this.filters);
  }
}

function select(values: readonly (readonly [string, string])[]): HTMLSelectElement {
  return el('select', {}, ...options(values));
}

function options(values: readonly (readonly [string, string])[]): readonly HTMLElement[] {
  return values.map(([value, words]) => el('option', { value }, words));
}

function field(words: string, control: HTMLElement): HTMLElement {
  const id = newId('filter');
  control.id = id;
  return el('div', { class: 'field' }, el('label', { for: id }, words), control);
}
