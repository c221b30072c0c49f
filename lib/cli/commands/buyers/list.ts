import type { Buyer } from '../../../domain/buyer.ts';
import type { Io } from '../../io.ts';
import { alarming, bold } from '../../talk/paint.ts';
import { table, wrapped } from '../../talk/table.ts';
import { blindOf, type Overview, type WatchedProduct } from './overview.ts';
import { spoken } from '../../talk/time.ts';

const COLUMNS = ['ACCOUNT', 'NAME', 'PRODUCT', 'STANDING', 'SINCE', 'SEEN (UTC)'];

export function list(overviews: readonly Overview[], io: Io): string[] {
  const rows = overviews.flatMap(({ buyer, products }) => products.map((product) => row(buyer, product)));
  const [head = '', ...lines] = table(COLUMNS, rows, [1, 2]);
  return [bold(head, io), ...lines, ...overviews.flatMap((each) => troubles(each, io))];
}

function row(buyer: Buyer, { id, head }: WatchedProduct): string[] {
  const watched = buyer.status === 'active' && head !== undefined;
  const standing = watched ? `${head.standing}${blindOf(head) === null ? '' : ' (blind)'}` : stateWords(buyer);
  const since = (buyer.status === 'invited' ? buyer.invitedAt : buyer.registration?.registeredAt)?.slice(0, 10) ?? '-';
  const seen = head?.lastConfirmed?.slice(0, 10) ?? '-';
  return [buyer.buyerAccountId, buyer.name, id, standing, since, seen];
}

function stateWords({ status }: Buyer): string {
  return status === 'active' ? 'not seen yet' : status;
}

function troubles({ buyer, products }: Overview, io: Io): string[] {
  const who = `${buyer.buyerAccountId} (${buyer.name})`;
  const lines = products.flatMap(({ id, head }) => {
    const blind = blindOf(head);
    return blind === null
      ? []
      : [`${who} ${id}: not seen since ${spoken(blind.since)} (${blind.cause}): ${blind.detail}`];
  });
  return lines.flatMap((line) => ['', ...wrapped(line).map((each) => alarming(each, io))]);
}
