import type { Buyer } from '../../../../domain/registration/buyer.ts';
import type { Standing } from '../../../../domain/license/contract.ts';
import { instant } from '../../../../domain/time.ts';
import type { Io, Watcher } from '../../io.ts';
import { contractOf } from '../../../../domain/license/contract.ts';
import { cleanText } from '../../../../mail/clean-text.ts';
import { unrecordedWords } from '../buyers/blind.ts';
import { alarming } from '../../output/paint.ts';
import { wrapped } from '../../output/table.ts';
import { spoken } from '../../output/time.ts';
import { knownProducts } from '../../output/known.ts';
import { contractsEnding, everyContract, type Gathered } from './gather.ts';
import { list } from './list.ts';
import { machineForm } from './machine-form.ts';
import { byEnd, isLapsed, rowOf, type ContractRow } from './row.ts';

export interface ContractsOrder {
  /** Undefined: of all. */
  readonly only: Buyer | undefined;
  /** Milliseconds; undefined: whenever they end, and those that do not. */
  readonly endsWithin: number | undefined;
  /** Empty: all. */
  readonly products: readonly string[];
  readonly standings: readonly Standing[];
  readonly json: boolean;
}

export async function contracts(order: ContractsOrder, watcher: Watcher, io: Io): Promise<void> {
  const { only, endsWithin, standings, json } = order;
  const now = instant(io.now());
  const products = await knownProducts(order.products, watcher);
  const found = await (endsWithin === undefined
    ? everyContract(only, watcher)
    : contractsEnding(only, now, endsWithin, watcher));
  const isWanted = (product: string) => products.length === 0 || products.includes(product);
  const failing = found.unrecorded.filter(({ contract }) =>
    isWanted(contractOf(contract).productId),
  );
  const rows = found.contracts
    .map((contract) => rowOf(contract, watcher.productIds, now))
    .filter(({ product }) => isWanted(product))
    .filter(({ standing }) => standings.length === 0 || standings.includes(standing))
    .toSorted(byEnd);
  if (json)
    io.stdout(
      `${JSON.stringify(
        rows.map((row) => machineForm(row, now)),
        undefined,
        2,
      )}\n`,
    );
  else if (rows.length === 0 && failing.length === 0)
    io.stderr(
      `No watched contract ${found.contracts.length === 0 && endsWithin === undefined && only === undefined ? 'yet: see "license-watcher buyers"' : 'is like that'}.\n`,
    );
  else {
    io.stdout(
      `${[...list(rows, now, io), ...failing.flatMap((each) => failingLines(each, io))].join('\n')}\n`,
    );
    io.stderr(attentionWords(rows));
    if (rows.some(({ verdict, start }) => verdict === 'unknown' || start.answer !== 'yes'))
      io.stderr(HINT);
  }
}

/** What the columns do not say: that nothing is in force any more, or will not be for a while. */
function attentionWords(rows: readonly ContractRow[]): string {
  const lapsed = rows.filter(isLapsed).length;
  const gaps = rows.flatMap(({ gap, account, product }) =>
    gap === null ? [] : [{ ...gap, account, product }],
  );
  return [
    ...(lapsed === 0
      ? []
      : [`Lapsed: ${lapsed}, at the end of the list, until renewed or the buyer is revoked.`]),
    ...gaps.map(
      ({ account, product, from, to }) =>
        `${account} ${cleanText(product)}: no license is in force from ${spoken(from)} to ${spoken(to)}; offer a term that closes the gap.`,
    ),
  ]
    .flatMap((words) => ['', ...wrapped(words)])
    .map((line) => `${line}\n`)
    .join('');
}

function failingLines(each: Gathered['unrecorded'][number], io: Io): readonly string[] {
  const { buyerAccountId, productId } = contractOf(each.contract);
  const who = `${buyerAccountId} (${cleanText(each.buyer.name)}) ${cleanText(productId)}`;
  return [
    '',
    ...wrapped(`${who}: not recorded ${unrecordedWords(each)}`).map((line) => alarming(line, io)),
  ];
}

const HINT =
  '\n"?" behind a standing: the verdict is unknown. Why a product would not start, or\nnobody knows, says --json; who cannot be seen, "license-watcher buyers".\n';
