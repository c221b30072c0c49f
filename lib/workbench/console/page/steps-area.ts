/// <reference lib="dom" />
import { button, type Child, el, nameOf } from '../../../seller/report/page/dom.ts';
import { section } from '../../../seller/report/page/part.ts';
import type { ConsoleState } from '../wire.ts';
import type { ConsoleArea, PageOperations } from './api-client.ts';
import { keepFocus } from './keep-focus.ts';

interface Step {
  readonly title: string;
  readonly done: boolean;
  readonly words: Child;
  /** The control for the step; null if the step is not possible yet. */
  readonly act: HTMLElement | null;
}

const DISMISSED = 'license-watcher-first-steps-dismissed';

/** Leads a newcomer once from a purchase to the mail about it. `again` is the button that brings this back. */
export function stepsArea({
  request,
  openMail,
}: PageOperations): ConsoleArea & { readonly again: HTMLElement } {
  const list = el('ol', { class: 'steps' });
  const status = el('p', { role: 'status', class: 'quiet' });
  const dismiss = button('Dismiss', { 'aria-label': 'Dismiss the first steps' }, () => {
    hide(true);
    again.focus();
  });
  const again = button('First steps', {}, () => {
    hide(false);
    dismiss.focus();
  });
  const element = section('first-steps', 'First steps', status, dismiss, list);
  let drawn = '';
  hide(kept() === 'yes');
  return {
    element,
    again,
    show: (state) => {
      const steps = stepsOf(state);
      const next = steps.findIndex(({ done }) => !done);
      const items = steps.map((step, index) => stepItem(step, index === next));
      const said = next < 0 ? 'That was it: sold, seen, told.' : `Step ${next + 1} of 3`;
      if (status.textContent !== said) status.textContent = said;
      const shown = items.map(({ outerHTML }) => outerHTML).join('');
      if (shown === drawn) return;
      drawn = shown;
      keepFocus(list, () => {
        list.replaceChildren(...items);
      });
    },
  };

  function hide(dismissed: boolean): void {
    element.hidden = dismissed;
    again.hidden = !dismissed;
    keep(dismissed ? 'yes' : 'no');
  }

  function stepsOf({
    buyers,
    steps: { bought, waited, mail, read },
  }: ConsoleState): readonly Step[] {
    return [
      { title: 'Buy more for a buyer', done: bought, ...purchase(buyers) },
      {
        title: 'Let time pass',
        done: waited,
        words:
          'What AWS sends an event of the watcher sees at once; the rest, and the mail to the seller, come with the next sweep.',
        act: button('Let it look', { 'data-key': 'step wait' }, () => {
          request({ kind: 'advance-time', to: 'sweep' });
        }),
      },
      {
        title: 'Read the mail that came',
        done: read,
        words:
          waited && mail === null
            ? 'None came yet. Confirm the address in the mailbox, where that is still asked, and let more time pass.'
            : 'The buyer is told what changed and what that means.',
        act:
          mail === null
            ? null
            : button('Open the mail', { 'data-key': 'step read' }, () => {
                openMail(mail);
              }),
      },
    ];
  }

  function purchase(buyers: ConsoleState['buyers']): Pick<Step, 'words' | 'act'> {
    // If the license is not usable or the buyer not active, no mail would say what was bought.
    for (const { name, licenses } of buyers.filter(({ status }) => status === 'active'))
      for (const { arn, product, isUsable, levers } of licenses) {
        if (!isUsable) continue;
        const more = levers.find(({ id, refusal }) => id === 'more' && refusal === null);
        if (more === undefined) continue;
        const act = button('Buy more', { 'data-key': 'step buy' }, () => {
          request({ kind: 'license', arn, lever: more.id });
        });
        return { words: el('span', {}, nameOf(name), `, ${product}: ${more.title}.`), act };
      }
    const words =
      'Nobody who is watched has a license in force of which there is more to buy: make a buyer, with the form “New buyer”.';
    return { words, act: null };
  }
}

function stepItem({ title, done, words, act }: Step, isNext: boolean): HTMLElement {
  const sign = done ? el('span', { role: 'img', 'aria-label': 'done' }, '✓') : null;
  return el(
    'li',
    { class: done ? 'taken' : undefined, 'aria-current': isNext ? 'step' : undefined },
    el('p', {}, el('strong', {}, title), ' ', sign),
    done ? null : el('p', {}, words, ' ', isNext ? act : null),
  );
}

/** The stored value. In a browser without storage the steps appear at every load, which is no reason to fail. */
function kept(): string | null {
  try {
    return localStorage.getItem(DISMISSED);
  } catch {
    return null;
  }
}

function keep(value: 'yes' | 'no'): void {
  try {
    localStorage.setItem(DISMISSED, value);
  } catch {
    // A browser without storage is no reason to fail.
  }
}
