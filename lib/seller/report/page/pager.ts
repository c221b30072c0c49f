import { number } from '../../../mail/dates.ts';
import { button, el } from './dom.ts';

interface Options {
  /** The name of what is paged, for a reader who hears the buttons instead of seeing where they are. */
  readonly of: string;
  readonly pageSize: number;
  /** How many rows go on paper; the rest is counted. 0: the caller chooses what is printed, and nothing is counted. */
  readonly printed: number;
  /** Called after a page was turned, to draw the new one. */
  readonly turned: () => void;
}

/** Turns the pages of what is too long for one. */
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

  /** Sets how much there is, and goes back to the first page unless the position is kept. */
  reset(count: number, printing: boolean, keepPosition: boolean): void {
    if (!keepPosition || this.#first >= count) this.#first = 0;
    this.#count = count;
    this.#printing = printing;
    this.#draw();
  }

  /** The rows to show now. */
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
    // The buttons can still be reached by keyboard: one that vanished under the fingers would throw the reader to the top of the page.
    this.#before.setAttribute('aria-disabled', String(first === 0));
    this.#next.setAttribute('aria-disabled', String(last >= this.#count));
  }
}
