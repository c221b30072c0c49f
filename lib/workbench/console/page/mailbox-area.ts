/// <reference lib="dom" />
import { counted } from '../../../mail/dates.ts';
import { button, el, newId } from '../../../seller/report/page/dom.ts';
import type { MailText, ShownMail } from '../wire.ts';
import { read, type ConsoleArea, type PageOperations, timeWords } from './api-client.ts';

interface Shown {
  readonly mail: ShownMail;
  readonly element: HTMLDetailsElement;
  readonly confirmation: HTMLElement | undefined;
}

/** The most mails shown; a reader would only scroll past more. Narrowing to a recipient searches all. */
const SHOWN = 200;

/** All e-mails as their recipients get them, newest first. */
export function mailboxArea({
  request,
}: Pick<PageOperations, 'request'>): ConsoleArea & { readonly open: (number: number) => void } {
  const id = newId('recipient');
  const recipient = el('select', { id }, el('option', { value: '' }, 'everybody'));
  const count = el('p', { role: 'status', class: 'quiet' });
  const list = el('div', { class: 'mails' });
  const all: Shown[] = [];
  const recipients = new Set<string>();
  recipient.addEventListener('change', narrow);
  return {
    element: el(
      'div',
      {},
      el('div', { class: 'controls' }, el('label', { for: id }, 'Mail to'), recipient),
      count,
      list,
    ),
    show: ({ mails, unconfirmed }) => {
      for (const mail of mails) {
        if (mail.number !== all.length) continue;
        all.push(shownMail(mail));
        if (!recipients.has(mail.to)) recipient.append(el('option', { value: mail.to }, mail.to));
        recipients.add(mail.to);
      }
      for (const { mail, confirmation } of all)
        if (confirmation !== undefined) confirmation.hidden = !unconfirmed.includes(mail.number);
      if (mails.length > 0) narrow();
    },
    open: (number) => {
      const found = all[number];
      if (found === undefined) return;
      recipient.value = '';
      narrow();
      if (!found.element.isConnected) list.append(found.element);
      found.element.open = true;
      found.element.querySelector('summary')?.focus();
    },
  };

  /** Only adds and removes elements, so that open mails stay open and the focus stays where it is. */
  function narrow(): void {
    const wanted = all
      .filter(({ mail }) => recipient.value === '' || mail.to === recipient.value)
      .toReversed();
    const shown = wanted.slice(0, SHOWN).map(({ element }) => element);
    for (const child of [...list.children])
      if (!shown.some((element) => element === child)) child.remove();
    let before: Element | null = list.firstElementChild;
    for (const element of shown) {
      if (element === before) before = before.nextElementSibling;
      else list.insertBefore(element, before);
    }
    const more = wanted.length > SHOWN ? `, the newest ${SHOWN} shown` : '';
    count.textContent = `${counted(wanted.length, 'mail')}${more}.`;
  }

  function shownMail(mail: ShownMail): Shown {
    const { number, kind, to, subject, at } = mail;
    const link = (words: string, action: 'confirm' | 'unsubscribe'): HTMLElement =>
      button(words, {}, () => {
        request({ kind: action, mail: number });
      });
    const confirmation =
      kind === 'confirmation' ? el('p', {}, link('Confirm subscription', 'confirm')) : undefined;
    const body = el('div', { class: 'mail-body' }, 'Loading …');
    const element = el(
      'details',
      { class: 'mail' },
      el(
        'summary',
        {},
        el('span', { class: 'subject' }, subject),
        el('span', { class: 'quiet' }, ` to ${to}, ${timeWords(at)}`),
      ),
      confirmation ?? null,
      body,
    );
    let requested = false;
    element.addEventListener('toggle', () => {
      if (!element.open || requested) return;
      requested = true;
      read<MailText>(`mail/${number}`).then(
        ({ text, footer }) => {
          const unsubscribe =
            kind === 'notification' ? link('Unsubscribe, as this link does', 'unsubscribe') : null;
          // One text, as a mail program would save it, so that a copy of it is what `verify --receipt` reads.
          const headers = `To: ${to}\nSubject: ${subject}\nDate: ${timeWords(at)}\n\n`;
          body.replaceChildren(
            el(
              'pre',
              { tabindex: 0 },
              headers,
              text,
              '\n\n',
              el('span', { class: 'quiet' }, footer),
            ),
            unsubscribe ?? '',
          );
        },
        (error: unknown) => {
          requested = false;
          body.textContent = `The mail cannot be read: ${String(error)}`;
        },
      );
    });
    return { mail, element, confirmation };
  }
}
