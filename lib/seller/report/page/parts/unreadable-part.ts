import type { UnreadableRow } from '../../model-shape.ts';
import { number } from '../../../../mail/dates.ts';
import { el } from '../dom.ts';
import { PagedTable } from '../paged-table.ts';
import { section, type ReportSection, type Showing } from '../part.ts';

/** Filters do not apply, because what cannot be read cannot be searched. Hidden if everything could be read. */
export function unreadablePart(): ReportSection {
  const [id, title] = ['unreadable', 'What could not be read'];
  const intro = el('p');
  const table = new PagedTable<UnreadableRow>({
    caption: 'Records that are missing from this report',
    columns: [
      { title: 'Contract', cell: ({ contract }) => contract },
      { title: 'Entry', cell: ({ entry }) => entry },
      { title: 'Problem', cell: ({ problem }) => problem },
    ],
    pageSize: 25,
    printed: 100,
  });
  const element = section(id, title, intro, table.element);
  return { id, title, element, show };

  function show({ view, printing }: Showing): void {
    const { unreadable } = view.model;
    element.hidden = unreadable.length === 0;
    intro.textContent = `${number(unreadable.length)} ${unreadable.length === 1 ? 'record was' : 'records were'} written by another version of the watcher, or altered: of entries, "license-watcher verify" tells which.`;
    table.show(unreadable, printing);
  }
}
