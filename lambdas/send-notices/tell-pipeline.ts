import type { Agreement } from '../../lib/domain/agreement/agreement.ts';
import {
  isNear,
  type Pipeline,
  pipelineEnd,
  pipelineOf,
  weekBefore,
} from '../../lib/domain/agreement/pipeline.ts';
import { type Head, quietAt } from '../../lib/domain/check/head.ts';
import { isOver } from '../../lib/domain/license/canonical-state.ts';
import { type ContractKey, contractOf } from '../../lib/domain/license/contract.ts';
import { type Buyer, watchedContracts } from '../../lib/domain/registration/buyer.ts';
import { WHOLE_LINE } from '../../lib/domain/registration/place.ts';
import { sideBySide } from '../../lib/domain/side-by-side.ts';
import { type Instant, MINUTE, plus } from '../../lib/domain/time.ts';
import type { Mail, Publication } from '../../lib/domain/ports.ts';
import { type AboutContract, listed, pipelineMail } from '../../lib/mail/pipeline-mail.ts';
import * as MESSAGES from '../../lib/observability/message-codes.ts';
import type { Dependencies } from './dependencies.ts';
import {
  EVERYBODY,
  failures,
  profileOf,
  publish,
  readableOrNull,
  tellUnreadable,
} from './pending-notices.ts';
import { ownersInTurn } from './owners-in-turn.ts';
import { mailPublication, type Sender, type MailFrame } from './publications.ts';

/** The number of heads or profiles read side by side. */
const WIDTH = 40;
/** No mail starts with less time left: the next attempt continues after those that were sent. */
const LEAST_MILLISECONDS = 15_000;
/** The most profiles of inactive buyers to read, one by one, for their owners. */
const MOST_STRANGERS = 200;
/** How far the clocks of the functions that write the ledgers may be ahead of this one. */
const AHEAD = MINUTE;

/**
 * Sends the weekly pipeline: the whole one, and one for each owner with that owner's buyers. Each is marked on its own, so that a message
 * that comes twice tells nobody twice. False: there was not enough time.
 */
export async function tellPipeline(
  { tick }: { readonly tick: Instant },
  dependencies: Dependencies,
): Promise<boolean> {
  const { ticks, settings, now, log, remainingMilliseconds } = dependencies;
  let told = await ticks.toldPipelineTo(tick);
  const buyers = await activeBuyers(dependencies);
  const pipeline = await readPipeline(buyers, dependencies);
  await readStrangers(pipeline, buyers, dependencies);
  const ownerOf = (contract: ContractKey): string | undefined =>
    buyers.get(contractOf(contract).buyerAccountId)?.owner;
  const unlooked = await contractsOfUnknownProducts(buyers, dependencies);
  const owners = new Set(
    [...pipeline.contracts, ...unlooked].flatMap((each) => ownerOf(each) ?? []),
  );
  const heads = new Map<ContractKey, Promise<Head | null | undefined>>();
  const errors: unknown[] = [];
  let left = 0;
  const turns = await ownersInTurn(dependencies);
  for (const owner of [undefined, ...turns.inTurn([...owners].toSorted())]) {
    const to = owner ?? EVERYBODY;
    const of = owner === undefined ? pipeline : only(pipeline, (each) => ownerOf(each) === owner);
    const unknown = countByProduct(
      unlooked.filter((each) => owner === undefined || ownerOf(each) === owner),
    );
    if (told.includes(to) || (of.contracts.size === 0 && unknown.size === 0)) continue;
    if (remainingMilliseconds() < LEAST_MILLISECONDS) {
      left += 1;
      continue;
    }
    await turns.tell(owner, errors, async () => {
      const about = await aboutOf(of, buyers, heads, dependencies);
      const mail = pipelineMail({ pipeline: of, about, owner, unknown, now: now() });
      const publication = pipelinePublication(of, mail, { tick, now: now(), owner }, settings);
      await publish(publication, dependencies);
      await ticks.pipelineTold(tick, to, told);
      told = [...told, to];
    });
  }
  if (errors.length > 0) throw failures(errors, owners.size + 1, 'pipeline mails');
  if (left > 0) log.info(MESSAGES.noticesLeft, { left, told: told.length });
  return left === 0;
}

type Buyers = Map<string, Buyer>;

async function activeBuyers({ buyers }: Dependencies): Promise<Buyers> {
  const found: Buyers = new Map();
  for await (const { buyer } of buyers.range(WHOLE_LINE))
    if (buyer?.status === 'active') found.set(buyer.buyerAccountId, buyer);
  return found;
}

/** Leaves out lapsed contracts that have a license again, are blind, or are dismissed. */
async function readPipeline(buyers: Buyers, dependencies: Dependencies): Promise<Pipeline> {
  const { pipeline, agreements, settings, contracts, now } = dependencies;
  const at = now();
  // Of any other product nobody knows how it stands today.
  const isWatched = ({ productId }: { readonly productId: string }): boolean =>
    settings.products.some(({ id, retired }) => id === productId && !retired);
  const known: Agreement[] = [];
  for await (const { agreement } of agreements.all())
    if (isWatched(agreement)) known.push(agreement);
  const ending: { readonly contract: ContractKey; readonly end: Instant }[] = [];
  for await (const each of pipeline.ending(weekBefore(at), pipelineEnd(at)))
    if (isWatched(contractOf(each.contract))) ending.push(each);
  const outlines = [];
  for (const { id } of settings.products)
    for await (const each of pipeline.outlines(id, weekBefore(at), plus(at, AHEAD)))
      if (each.kind === 'outline') outlines.push(each.outline);
      else tellUnreadable(each, dependencies);
  const watched = new Set([
    ...[...buyers.values()]
      .flatMap(watchedContracts)
      .filter((contract) => isWatched(contractOf(contract))),
    ...ending.map(({ contract }) => contract),
  ]);
  const found = pipelineOf({ watched, ending, agreements: known, outlines }, at);
  const lapsed = new Set(found.lapsed);
  await sideBySide(found.lapsed, WIDTH, async (contract) => {
    const head = await readableOrNull(() => contracts.head(contract), dependencies);
    // Whether a contract whose head cannot be read has a license again is not known.
    if (head === null || (head !== undefined && !isLapsed(head, at))) lapsed.delete(contract);
  });
  return { ...found, lapsed };
}

/** The contracts of products that are no longer in the settings, unless their watch had ended before: nobody looks at them. */
async function contractsOfUnknownProducts(
  buyers: Buyers,
  dependencies: Dependencies,
): Promise<readonly ContractKey[]> {
  const { contracts, settings } = dependencies;
  const unlooked: ContractKey[] = [];
  const unknown = [...buyers.values()]
    .flatMap(watchedContracts)
    .filter((each) => !settings.products.some(({ id }) => id === contractOf(each).productId));
  await sideBySide(unknown, WIDTH, async (contract) => {
    const head = await readableOrNull(() => contracts.head(contract), dependencies);
    if ((head?.watchEnded ?? null) === null) unlooked.push(contract);
  });
  return unlooked;
}

function countByProduct(contracts: readonly ContractKey[]): ReadonlyMap<string, number> {
  const ids = contracts.map((contract) => contractOf(contract).productId).toSorted();
  return new Map([...Map.groupBy(ids, (id) => id)].map(([id, { length }]) => [id, length]));
}

function isLapsed({ standing, blind, quiet }: Head, now: Instant): boolean {
  return isOver(standing) && blind === null && quietAt(quiet, now)?.kind !== 'dismissed';
}

/** Reads names and owners of buyers who bought and are not active, if anybody invited them. */
async function readStrangers(
  { ends, lapsed, won }: Pipeline,
  buyers: Buyers,
  dependencies: Dependencies,
): Promise<void> {
  const contracts = [...ends.map(({ contract }) => contract), ...lapsed, ...won.keys()];
  const accounts = new Set(contracts.map((contract) => contractOf(contract).buyerAccountId));
  const strangers = [...accounts].filter((account) => !buyers.has(account));
  await sideBySide(strangers.slice(0, MOST_STRANGERS), WIDTH, async (buyerAccountId) => {
    const buyer = await profileOf({ buyerAccountId }, dependencies);
    if (buyer) buyers.set(buyerAccountId, buyer);
  });
}

function only(
  { contracts, ends, lapsed, won }: Pipeline,
  isTheirs: (contract: ContractKey) => boolean,
): Pipeline {
  return {
    contracts: new Set([...contracts].filter(isTheirs)),
    ends: ends.filter(({ contract }) => isTheirs(contract)),
    lapsed: new Set([...lapsed].filter(isTheirs)),
    won: new Map([...won].filter(([contract]) => isTheirs(contract))),
  };
}

/** `heads`: those already read for another mail. */
async function aboutOf(
  pipeline: Pipeline,
  buyers: Buyers,
  heads: Map<ContractKey, Promise<Head | null | undefined>>,
  dependencies: Dependencies,
): Promise<ReadonlyMap<ContractKey, AboutContract>> {
  const { contracts, settings, now } = dependencies;
  const about = new Map<ContractKey, AboutContract>();
  await sideBySide(listed(pipeline, now()), WIDTH, async (contract) => {
    const { buyerAccountId, productId } = contractOf(contract);
    const reading =
      heads.get(contract) ?? readableOrNull(() => contracts.head(contract), dependencies);
    heads.set(contract, reading);
    const head = await reading;
    about.set(contract, {
      buyer: buyers.get(buyerAccountId) ?? { buyerAccountId, name: '' },
      product: settings.products.find(({ id }) => id === productId) ?? { id: productId, name: '' },
      // What an earlier watch saw may have changed since.
      head: head && head.watchEnded !== null ? undefined : head,
    });
  });
  return about;
}

/** The most ends, and below the most contracts, that have room in a pipeline mail beside its lines. */
const MOST_ENDS = 400;
const MOST_TURNS = 100;

/** Has no accounts to filter by: the pipeline covers all of them. */
function pipelinePublication(
  { ends, lapsed, won }: Pipeline,
  mail: Mail,
  sent: MailFrame,
  sender: Sender,
): Publication {
  const near = ends.filter((each) => isNear(each, sent.now));
  const leftOut = near.length - MOST_ENDS;
  return mailPublication(
    {
      kind: 'pipeline',
      ends: near
        .slice(0, MOST_ENDS)
        .map(({ contract, at, risk, decideBy }) => ({ contract, end: at, risk, decideBy })),
      ...(leftOut > 0 && { leftOut }),
      lapsed: [...lapsed].slice(0, MOST_TURNS),
      won: [...won].slice(0, MOST_TURNS).map(([contract, how]) => ({ contract, how })),
    },
    mail,
    {
      ...{ changes: [], severity: 'info', productIds: [], buyerAccountIds: [] },
      owners: sent.owner === undefined ? [] : [sent.owner],
    },
    sent,
    sender,
  );
}
