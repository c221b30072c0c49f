import { number } from '../../../mail/dates.ts';
import { button, el } from './dom.ts';

interface Options {
  /** Of what: for who hears the buttons instead of seeing where they are. */
  readonly of: string;
  readonly pageSize: number;
  /** How many go on paper; what is more is counted. 0: whoever draws chooses, and nothing is counted. */
  readonly printed: number;
  /** Draws what is now to be seen. */
  readonly turned: () => void;
}

/** Turns over what is too long for one page. */
export class Pager {
  readonly element: HTMLElement;
  readonly #options: Options;
  readonly #where = el('span', { role: 'status' });
  readonly #before: HTMLButtonElement;
  readonly #next: HTMLButtonElement;
  #count = 0;
  #first = 0;
  #printing = false;

  constructor(options: Options) {
    this.#options = options;
    this.#before = button('Previous', { 'aria-label': `Previous page of: ${options.of}` }, () => {
      this.#turn(-1);
    });
    this.#next = button('Next', { 'aria-label': `Next page of: ${options.of}` }, () => {
      this.#turn(1);
    });
    this.element = el('p', { class: 'pager' }, this.#before, this.#next, this.#where);
  }

  /** How much there is. Back to the first page, unless it is only being printed. */
  reset(count: number, printing: boolean, keepPosition: boolean): void {
    if (!keepPosition || this.#first >= count) this.#first = 0;
    this.#count = count;
    this.#printing = printing;
    this.#draw();
  }

  /** What of it is to be seen. */
  cut<Row>(rows: readonly Row[]): readonly Row[] {
    const { pageSize, printed } = this.#options;
    return this.#printing
      ? rows.slice(0, printed)
      : rows.slice(this.#first, this.#first + pageSize);
  }

  #turn(pages: number): void {
    const to = this.#first + pages * this.#options.pageSize;
    if (to < 0 || to >= this.#count) return;
    this.#first = to;
    this.#draw();
    this.#options.turned();
  }

  #draw(): void {
    const { pageSize, printed } = this.#options;
    const size = this.#printing ? printed : pageSize;
    const first = this.#printing ? 0 : this.#first;
    const last = Math.min(first + size, this.#count);
    this.element.hidden = size === 0 || this.#count <= size;
    this.#where.textContent = `${number(first + 1)} to ${number(last)} of ${number(this.#count)}`;
    // Still to be reached by keyboard: a button that vanished under the fingers would throw the reader to the top of the page.
    this.#before.setAttribute('aria-disabled', String(first === 0));
    this.#next.setAttribute('aria-disabled', String(last >= this.#count));
  }
}
