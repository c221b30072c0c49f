/// <reference lib="dom" />
import { el, newId } from '../../../seller/report/page/dom.ts';
import { section } from '../../../seller/report/page/part.ts';
import type { ShownProduct } from '../wire.ts';
import type { ConsoleArea, PageOperations } from './api-client.ts';

/** A form that sells, invites and launches in one step. */
export function newBuyerArea({ request }: PageOperations): ConsoleArea {
  const name = el('input', { required: true, maxlength: 64, value: 'My first buyer' });
  const account = el('input', {
    required: true,
    pattern: '[0-9]{4}-?[0-9]{4}-?[0-9]{4}',
    // Browsers show this beside their own words when the pattern does not match.
    title: '12 digits, such as 111122223333 or 1111-2222-3333',
    maxlength: 14,
    value: '999999999999',
    inputmode: 'numeric',
  });
  const email = el('input', {
    required: true,
    inputmode: 'email',
    maxlength: 1000,
    value: 'it@buyer.example',
  });
  const product = el('select');
  const amount = el('input', { required: true, type: 'number', min: 1, max: 1_000_000, value: 10 });
  const tier = el('select');
  const days = el('input', { required: true, type: 'number', min: 1, max: 3650, value: 365 });
  const renews = el('input', { type: 'checkbox' });
  const invited = el('input', { type: 'checkbox', checked: true });
  const [amountField, tierField] = [field('How many', amount), field('Tier', tier)];
  let products: readonly ShownProduct[] = [];
  const form = el(
    'form',
    { 'aria-label': 'New buyer' },
    field('Name', name),
    field('Account ID, 12 digits', account),
    field('E-mail, at most 5 with commas', email),
    field('Product', product),
    amountField,
    tierField,
    field('Days from today', days),
    field('Renews by itself', renews),
    field('Invited, and launches', invited),
    el('button', { type: 'submit' }, 'Invite, launch and sell'),
    el('p', { class: 'quiet' }, 'An account that has launched already is only sold the license.'),
  );
  product.addEventListener('change', offer);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    request({
      kind: 'new-buyer',
      account: account.value.replaceAll('-', ''),
      name: name.value,
      email: email.value,
      productId: product.value,
      amount: typeof soldNow() === 'string' ? amount.value : tier.value,
      days: Number(days.value),
      renews: renews.checked,
      invited: invited.checked,
    });
  });
  return {
    element: section('new-buyer', 'New buyer', form),
    show: (state) => {
      if (products.length > 0) return;
      ({ products } = state);
      product.replaceChildren(
        ...products.map(({ id, name: words }) => el('option', { value: id }, words)),
      );
      offer();
    },
  };

  function soldNow(): ShownProduct['sold'] {
    return products.find(({ id }) => id === product.value)?.sold ?? 'seats';
  }

  function offer(): void {
    const sold = soldNow();
    amountField.hidden = amount.disabled = typeof sold !== 'string';
    tierField.hidden = tier.disabled = typeof sold === 'string';
    const label = amountField.querySelector('label');
    if (typeof sold === 'string' && label !== null) label.textContent = `How many ${sold}`;
    if (typeof sold !== 'string')
      tier.replaceChildren(...sold.map((each) => el('option', { value: each }, each)));
  }
}

function field(words: string, control: HTMLElement): HTMLElement {
  const id = newId('new-buyer');
  control.id = id;
  return el('div', { class: 'field' }, el('label', { for: id }, words), control);
}
