/// <reference lib="dom" />
import { counted } from '../../../mail/dates.ts';
import { hashOf, NO_FILTERS } from '../../../seller/report/view/filters.ts';
import { button, type Child, el, nameOf } from '../../../seller/report/page/dom.ts';
import { section } from '../../../seller/report/page/part.ts';
import type { ShownAction, ShownEntry, ShownMail } from '../wire.ts';
import { keepFocus } from './keep-focus.ts';
import { type ConsoleArea, type PageOperations, timeWords } from './api-client.ts';

const SHOWN = 30;
/** Sorts actions that have not ended above everything that happened. */
const NOT_ENDED = Number.MAX_SAFE_INTEGER;

const STATES: Readonly<Record<ShownAction['state'], string>> = {
  waiting: 'waits for its turn',
  running: 'runs …',
  done: 'done',
  failed: 'failed',
};

type Happening =
  | { readonly kind: 'action'; readonly at: number; readonly action: ShownAction }
  | { readonly kind: 'mail'; readonly at: number; readonly mail: ShownMail }
  | { readonly kind: 'entry'; readonly at: number; readonly entry: ShownEntry };

/** Requested actions, ledger entries and mails, newest first, each with its meaning. */
export function feedArea({ openMail }: PageOperations): ConsoleArea {
  const list = el('ol', { class: 'feed' });
  const status = el('p', { role: 'status', class: 'spoken' });
  let newestMails: readonly ShownMail[] = [];
  let drawn = '';
  return {
    element: section('happened', 'What happened', status, list),
    show: ({ actions, mails, news }) => {
      newestMails = [...mails.toReversed(), ...newestMails].slice(0, SHOWN);
      const happenings: readonly Happening[] = [
        ...actions.map(
          (action) => ({ kind: 'action', at: action.endedAt ?? NOT_ENDED, action }) as const,
        ),
        ...newestMails.map((mail) => ({ kind: 'mail', at: mail.at, mail }) as const),
        ...news.map((entry) => ({ kind: 'entry', at: entry.at, entry }) as const),
      ];
      const shown = happenings.toSorted((a, b) => b.at - a.at).slice(0, SHOWN);
      if (JSON.stringify(shown) === drawn) return;
      drawn = JSON.stringify(shown);
      const [newest] = actions;
      if (newest !== undefined) status.textContent = `${newest.title}: ${gist(newest)}`;
      keepFocus(list, () => {
        list.replaceChildren(...shown.map(item));
      });
    },
  };

  function item(happening: Happening): HTMLElement {
    switch (happening.kind) {
      case 'action': {
        const { title, state, said, endedAt } = happening.action;
        const words = [el('strong', {}, title), ` — ${gist(happening.action)}`];
        return happened(`action ${state}`, 'You', endedAt, words, said);
      }
      case 'mail': {
        const { number, to, subject, means, at } = happening.mail;
        const open = button(
          `Mail to ${to}: ${subject}`,
          { class: 'link', 'data-key': `mail ${number}` },
          () => {
            openMail(number);
          },
        );
        return happened('mailed', 'Mail', at, [open], means);
      }
      case 'entry':
        return happened(
          'recorded',
          'Ledger',
          happening.at,
          [entryLink(happening.entry)],
          happening.entry.means,
        );
    }
  }
}

function happened(
  kind: string,
  who: string,
  at: number | null,
  what: readonly Child[],
  means: string,
): HTMLElement {
  return el(
    'li',
    { class: `happening ${kind}` },
    el('p', { class: 'quiet' }, at === null ? who : `${who}, ${timeWords(at)}`),
    el('p', {}, ...what),
    means === '' ? null : el('p', { class: 'means' }, means),
  );
}

function gist({ state, mails, entries }: ShownAction): string {
  if (state !== 'done' && state !== 'failed') return STATES[state];
  return `${STATES[state]}; ${counted(mails.length, 'mail')}, ${counted(entries.length, 'ledger entry', 'ledger entries')}`;
}

/** A link that narrows the report to the buyer of the entry. */
function entryLink({ account, buyerName, productId, entry, what }: ShownEntry): HTMLElement {
  const href = hashOf({ ...NO_FILTERS, text: account });
  const key = `entry ${account} ${productId} ${entry}`;
  return el(
    'a',
    { href, 'data-key': key },
    `${what}: `,
    nameOf(buyerName),
    `, ${productId}, entry ${entry}`,
  );
}
