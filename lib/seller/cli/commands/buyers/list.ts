import type { Buyer } from '../../../../domain/registration/buyer.ts';
import { cleanText } from '../../../../mail/clean-text.ts';
import type { Io } from '../../io.ts';
import { alarming, bold } from '../../output/paint.ts';
import { table, wrapped } from '../../output/table.ts';
import { blindOf, blindWords, unrecordedWords } from './blind.ts';
import { isMailTrouble, mailInShort, mailWords } from './mail.ts';
import type { Overview, WatchedProduct } from './overview.ts';

const COLUMNS = ['ACCOUNT', 'NAME', 'PRODUCT', 'STANDING', 'SINCE', 'SEEN (UTC)', 'MAIL'];

export function list(overviews: readonly Overview[], io: Io): string[] {
  const rows = overviews.flatMap((each) => each.products.map((product) => row(each, product)));
  const [head = '', ...lines] = table(COLUMNS, rows, [1, 2], io.width);
  return [bold(head, io), ...lines, ...overviews.flatMap((each) => troubles(each, io))];
}

function row({ buyer, mail }: Overview, { id, head, unrecorded }: WatchedProduct): string[] {
  const watched = buyer.status === 'active' && head !== undefined;
  const trouble =
    unrecorded === undefined
      ? blindOf(head, buyer) === null
        ? ''
        : ' (blind)'
      : ' (not recorded)';
  const standing = `${watched ? head.standing : stateWords(buyer)}${trouble}`;
  const since =
    (buyer.status === 'invited' ? buyer.invitedAt : buyer.registration?.registeredAt)?.slice(
      0,
      10,
    ) ?? '-';
  const seen = head?.lastConfirmed?.slice(0, 10) ?? '-';
  const reached = buyer.status === 'active' ? mailInShort(mail) : '-';
  return [
    buyer.buyerAccountId,
    cleanText(buyer.name),
    cleanText(id),
    standing,
    since,
    seen,
    reached,
  ];
}

function stateWords({ status }: Buyer): string {
  return status === 'active' ? 'not seen yet' : status;
}

function troubles({ buyer, products, mail }: Overview, io: Io): string[] {
  const who = `${buyer.buyerAccountId} (${cleanText(buyer.name)})`;
  const blind = products.flatMap(({ id, head, unrecorded }) => {
    const found = blindOf(head, buyer);
    return [
      ...(unrecorded === undefined
        ? []
        : [`${who} ${cleanText(id)}: not recorded ${unrecordedWords(unrecorded)}`]),
      ...(found === null ? [] : [`${who} ${cleanText(id)}: not seen ${blindWords(found)}`]),
    ];
  });
  const words = buyer.status === 'active' && isMailTrouble(mail) ? mailWords(mail, buyer) : null;
  const unread = words === null ? [] : [`${who} mail: ${words}.`];
  return [...blind, ...unread].flatMap((line) => [
    '',
    ...wrapped(line).map((each) => alarming(each, io)),
  ]);
}
