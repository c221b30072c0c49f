/// <reference lib="dom" />
import { hashOf, NO_FILTERS } from '../../../seller/report/view/filters.ts';
import { button, el, nameOf } from '../../../seller/report/page/dom.ts';
import { section } from '../../../seller/report/page/part.ts';
import type { ShownAction, ShownEntry } from '../wire.ts';
import { keepFocus } from './keep-focus.ts';
import type { Area, PageOperations } from './area.ts';

const SHOWN = 8;
/** Of the mails and entries of an action so many have a link. */
const LINKED = 10;

const STATES: Readonly<Record<ShownAction['state'], string>> = {
  waiting: 'waits for its turn',
  running: 'runs …',
  done: 'done',
  failed: 'failed',
};

/** What was asked for, and what came of it. */
export function actionsArea({ openMail }: PageOperations): Area {
  const list = el('ol', { class: 'actions' });
  const status = el('p', { role: 'status', class: 'quiet' }, 'Nothing was done yet.');
  const subjects = new Map<number, string>();
  let drawn = '';
  return {
    element: section('actions', 'What happened', status, list),
    show: ({ actions, mails }) => {
      for (const { number, to, subject } of mails) subjects.set(number, `${to}: ${subject}`);
      const shown = JSON.stringify(actions);
      if (shown === drawn) return;
      drawn = shown;
      const [newest] = actions;
      if (newest !== undefined) status.textContent = `${newest.title}: ${gist(newest)}`;
      keepFocus(list, () => {
        list.replaceChildren(...actions.slice(0, SHOWN).map(item));
      });
    },
  };

  function item(action: ShownAction): HTMLElement {
    const { title, state, said, mails, entries } = action;
    return el(
      'li',
      { class: `action ${state}` },
      el('strong', {}, title),
      ` — ${gist(action)}`,
      said === '' ? null : el('p', { class: 'said' }, said),
      el(
        'ul',
        {},
        ...mails.slice(0, LINKED).map((number) => el('li', {}, mailButton(number))),
        ...entries.slice(0, LINKED).map((entry) => el('li', {}, entryLink(entry))),
      ),
    );
  }

  function mailButton(number: number): HTMLElement {
    return button(
      `Mail to ${subjects.get(number) ?? String(number)}`,
      { class: 'link', 'data-key': `mail ${number}` },
      () => {
        openMail(number);
      },
    );
  }
}

function gist({ state, mails, entries }: ShownAction): string {
  if (state !== 'done' && state !== 'failed') return STATES[state];
  return `${STATES[state]}; ${counted(mails.length, 'mail')}, ${counted(entries.length, 'ledger entry', 'ledger entries')}`;
}

function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** Narrows the report to the buyer whose ledger it is in. */
function entryLink({ account, buyerName, productId, entry, what }: ShownEntry): HTMLElement {
  const href = hashOf({ ...NO_FILTERS, text: account });
  return el('a', { href }, `Entry ${entry} of `, nameOf(buyerName), `, ${productId}: ${what}`);
}
