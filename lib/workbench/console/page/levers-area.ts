/// <reference lib="dom" />
import { button, el, nameOf, newId } from '../../../seller/report/page/dom.ts';
import { section } from '../../../seller/report/page/part.ts';
import type { ActionRequest } from '../action-request.ts';
import type { ShownBuyer, ShownLever, ShownLicense } from '../wire.ts';
import { keepFocus } from './keep-focus.ts';
import type { ConsoleArea, PageOperations } from './api-client.ts';

/** The levers of each buyer. */
export function leversArea({ request }: PageOperations): ConsoleArea {
  const list = el('div');
  /** Whether each buyer is unfolded. The first starts unfolded if the screen is wide; buyers that come later always do. */
  const unfolded = new Map<string, boolean>();
  const isWide = matchMedia('(min-width: 75rem)').matches;
  let isFirst = true;
  let drawn = '';
  return {
    element: section('levers', 'Buyers and their licenses', list),
    show: ({ buyers }) => {
      const shown = JSON.stringify(buyers);
      if (shown === drawn) return;
      drawn = shown;
      for (const [index, { account }] of buyers.entries())
        if (!unfolded.has(account)) unfolded.set(account, isFirst ? isWide && index === 0 : true);
      isFirst = false;
      keepFocus(list, () => {
        const none = el('p', { class: 'none' }, 'There is no buyer yet: make one below.');
        list.replaceChildren(...(buyers.length === 0 ? [none] : buyers.map(buyerBlock)));
      });
    },
  };

  function buyerBlock({ account, name, status, levers, licenses }: ShownBuyer): HTMLElement {
    const element = el(
      'details',
      { class: 'buyer' },
      el('summary', { 'data-key': account }, nameOf(name), ` (${account}), ${status}`),
      ...licenses.map(licenseBlock),
      licenses.length === 0 ? el('p', { class: 'none' }, 'It owns no license.') : null,
      el('h3', {}, 'The account'),
      leverList(levers, account, (lever) => ({ kind: 'buyer', account, lever })),
    );
    element.open = unfolded.get(account) ?? false;
    element.addEventListener('toggle', () => {
      unfolded.set(account, element.open);
    });
    return element;
  }

  function licenseBlock({ arn, product, words, levers }: ShownLicense): HTMLElement {
    return el(
      'div',
      {},
      el('h3', {}, product),
      el('p', { class: 'quiet' }, words),
      leverList(levers, arn, (lever) => ({ kind: 'license', arn, lever })),
    );
  }

  function leverList(
    levers: readonly ShownLever[],
    of: string,
    requestOf: (lever: string) => ActionRequest,
  ): HTMLElement {
    const items = levers.map(({ id, title, refusal }) => {
      const reason = newId('reason');
      const pulled = button(
        title,
        {
          'data-key': `${of} ${id}`,
          'aria-disabled': refusal !== null,
          'aria-describedby': refusal === null ? undefined : reason,
        },
        () => {
          if (refusal === null) request(requestOf(id));
        },
      );
      return el(
        'li',
        {},
        pulled,
        refusal === null ? null : el('span', { id: reason, class: 'reason' }, refusal),
      );
    });
    return el('ul', { class: 'levers' }, ...items);
  }
}
