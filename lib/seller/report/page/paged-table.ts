import { csvOf, save } from './csv.ts';
import { button, el, type Child } from './dom.ts';
import { Pager } from './pager.ts';

export interface Column<Row> {
  readonly title: string;
  readonly cell: (row: Row) => Child | readonly Child[];
  readonly kind?: 'number' | 'date';
}

interface Options<Row> {
  readonly caption: string;
  /** The first column names its row. */
  readonly columns: readonly Column<Row>[];
  readonly pageSize: number;
  readonly printed: number;
}

/** A table of any length that shows one page at a time; hidden if it has no rows. */
export class PagedTable<Row> {
  readonly element: HTMLElement;
  readonly #columns: readonly Column<Row>[];
  readonly #body = el('tbody', { role: 'rowgroup' });
  readonly #pager: Pager;
  #rows: readonly Row[] = [];

  constructor({ caption, columns, pageSize, printed }: Options<Row>) {
    this.#columns = columns;
    const head = columns.map(({ title, kind }) =>
      el('th', { scope: 'col', role: 'columnheader', class: kind }, title),
    );
    const table = el(
      'div',
      // Wide tables scroll by themselves, also by keyboard.
      { class: 'scroll', role: 'group', 'aria-label': caption, tabindex: 0 },
      el(
        'table',
        { role: 'table' },
        el('caption', {}, caption),
        el('thead', { role: 'rowgroup' }, el('tr', { role: 'row' }, ...head)),
        this.#body,
      ),
    );
    this.#pager = new Pager({
      of: caption,
      pageSize,
      printed,
      turned: () => {
        this.#draw();
      },
    });
    const csv = button('CSV', { class: 'csv', 'aria-label': `Save as CSV: ${caption}` }, () => {
      save(`${caption.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}.csv`, this.#asCsv());
    });
    this.element = el('div', { class: 'paged' }, table, csv, this.#pager.element);
  }

  show(rows: readonly Row[], printing: boolean, keepPosition = printing): void {
    this.#rows = rows;
    this.#pager.reset(rows.length, printing, keepPosition);
    this.element.hidden = rows.length === 0;
    this.#draw();
  }

  /** Has every row, including those that are not on the page shown now. */
  #asCsv(): string {
    const rows = this.#rows.map((row) =>
      this.#columns.map(({ cell }) =>
        [cell(row)]
          .flat()
          .map((part) => (typeof part === 'string' ? part : (part?.textContent ?? '')))
          .join('; '),
      ),
    );
    return csvOf([this.#columns.map(({ title }) => title), ...rows]);
  }

  #draw(): void {
    this.#body.replaceChildren(
      ...this.#pager.cut(this.#rows).map((row) => tableRow(row, this.#columns)),
    );
  }
}

function tableRow<Row>(row: Row, columns: readonly Column<Row>[]): HTMLElement {
  // On a phone the cells stand one below the other, and to a browser that is no table without these roles.
  const cells = columns.map(({ title, cell, kind }, index) => {
    const content = [cell(row)].flat().filter((part) => part !== '');
    return index === 0
      ? el('th', { scope: 'row', role: 'rowheader', class: kind }, ...content)
      : el('td', { role: 'cell', class: kind, 'data-title': title }, ...content);
  });
  return el('tr', { role: 'row' }, ...cells);
}
