import {
  firstDate,
  isNear,
  type Pipeline,
  type PipelineEnd,
  type Won,
} from '../domain/agreement/pipeline.ts';
import { pipelineMonths, type Risk } from '../domain/agreement/forecast.ts';
import type { Head } from '../domain/check/head.ts';
import { endOf } from '../domain/license/canonical-state.ts';
import type { ContractKey } from '../domain/license/contract.ts';
import type { Product } from '../domain/license/product.ts';
import { cleanText } from '../domain/outside-text.ts';
import type { Mail } from '../domain/ports.ts';
import type { SellersOwn } from '../domain/registration/buyer.ts';
import type { Instant } from '../domain/time.ts';
import { purchaseInShort } from './amounts.ts';
import { date, dateAndTime, dateWithDistance, number, several } from './dates.ts';
import { earlierEnds, isEndOfPart } from './facts.ts';
import { ASK_BEFORE_THE_END, deadlineWords, renewalSaid } from './intent-words.ts';
import { standingNote } from './note-words.ts';
import { capital } from './news/news.ts';
import { peopleLines, buyerWithAccount, productName, section } from './text.ts';
import { subjectOf } from './subject.ts';

/** The data of the weekly pipeline to the seller. */
export interface PipelineMail {
  readonly pipeline: Pipeline;
  /** Details of the contracts that `listed` names. */
  readonly about: ReadonlyMap<ContractKey, AboutContract>;
  /** Limits it to this owner's buyers. Absent: all buyers. */
  readonly owner?: string | undefined;
  /** The number of contracts of each product that is no longer in the settings: nobody looks at them, so it knows nothing of them. */
  readonly unknown: ReadonlyMap<string, number>;
  readonly now: Instant;
}

export interface AboutContract {
  readonly buyer: SellersOwn & { readonly buyerAccountId: string; readonly name: string };
  readonly product: Pick<Product, 'id' | 'name'>;
  /** Undefined: nobody watches it. Null: its record cannot be read. */
  readonly head: Head | null | undefined;
}

/** The most contracts of a group that somebody reads on a Monday morning. */
const MOST = 25;
/** As sent. Names, contacts and amounts are as long as others make them, and SNS's limit includes the list for machines. */
const MOST_BYTES = 120_000;

type Near = Exclude<Risk, 'lapsed'>;

/** The groups, those at risk first, each with what to do, in the seller's voice. */
const GROUPS: Readonly<
  Record<Near, { readonly title: string; readonly count: string; readonly toDo: string }>
> = {
  'will-not': {
    title: 'Will not renew',
    count: 'will not renew',
    toDo: ASK_BEFORE_THE_END['will-not'],
  },
  undecided: {
    title: 'Undecided: whether they renew is not known',
    count: 'undecided',
    toDo: ASK_BEFORE_THE_END.undecided,
  },
  'not-watched': {
    title: 'Bought, and not watched',
    count: 'not watched',
    toDo: 'Invite them, so that they are told in time: license-watcher invite <account>.',
  },
  renews: {
    title: 'Renews by itself',
    count: 'renew by themselves',
    toDo: 'Nothing, unless you want it otherwise: where a day is named, either side can change it until then.',
  },
};
const ORDER = Object.keys(GROUPS) as readonly Near[];

/** The contracts about which the mail says more than their number; the caller must read these. */
export function listed({ ends, lapsed, won }: Pipeline, now: Instant): ReadonlySet<ContractKey> {
  const near = ORDER.flatMap((risk) => inGroup(ends, risk, now).slice(0, MOST));
  return new Set([
    ...near.map(({ contract }) => contract),
    ...[...lapsed].slice(0, MOST),
    ...[...won.keys()].slice(0, MOST),
  ]);
}

/** The first lines are what is read and acted on: what ends in 90 days, what to decide first, what last week brought. */
export function pipelineMail(input: PipelineMail): Mail {
  const { pipeline, owner, unknown, now } = input;
  const { contracts, ends, lapsed, won } = pipeline;
  const near = ends.filter((each) => isNear(each, now));
  const ending = new Set(near.map(({ contract }) => contract));
  const counts = countsOf(near);
  const inPart = near.some((each) => isPart(each, input)) ? ', wholly or in part,' : '';
  const fits = budget();
  const lines = [
    near.length === 0
      ? `Of ${several(contracts.size, 'contract')}, ended ones included, none ends in the next 90 days.`
      : `Of ${several(contracts.size, 'contract')} ${number(ending.size)} ${ending.size === 1 ? 'ends' : 'end'}${inPart} in the next 90 days: ${counts.join(', ')}.`,
    ...firstLine(near, input),
    `Last week ${number(lapsed.size)} lapsed and ${number(won.size)} ${won.size === 1 ? 'was' : 'were'} won.`,
    ...[...unknown].map(
      ([productId, count]) =>
        `Not in this mail: ${several(count, 'contract')} of ${cleanText(productId)}, which is no longer in cdk.json, so that nobody looks at ${count === 1 ? 'it' : 'them'}. To do: put it back; "license-watcher doctor" says how.`,
    ),
    ...(owner === undefined
      ? []
      : [`Only of buyers whose owner is ${cleanText(owner)}; the whole mail has the others.`]),
    ...ORDER.flatMap((risk) => groupLines(risk, input, fits)),
    ...weekLines('Lapsed last week', [...lapsed], lapsedWords, input, fits),
    ...weekLines('Won last week', [...won.keys()], wonWords, input, fits),
    ...section('The twelve months', monthLines(ends, now)),
    '',
    `As of ${dateAndTime(now)}. All of it: "license-watcher report" draws it, ${LIST} lists it.`,
  ];
  const atRisk = countsOf(near.filter(({ risk }) => risk !== 'renews'));
  const said = [
    ...(atRisk.length > 0 ? [...atRisk, 'in 90 days'] : ['nothing at risk in 90 days']),
    ...(unknown.size > 0 ? ['NOT all watched'] : []),
    ...(lapsed.size > 0 ? [`${number(lapsed.size)} lapsed`] : []),
  ];
  return {
    subject: subjectOf([`Pipeline: ${said.join(', ').replace(', in', ' in')}, ${date(now)}`]),
    text: lines.join('\n'),
  };
}

const LIST = '"license-watcher contracts --ends-within 52w"';

/** The first thing to decide: by the deadline for changing the renewal, or by the end. What renews by itself needs no decision. */
function firstLine(near: readonly PipelineEnd[], input: PipelineMail): readonly string[] {
  const first = near.find(({ contract, risk }) => risk !== 'renews' && input.about.has(contract));
  const about = first && input.about.get(first.contract);
  if (first === undefined || about === undefined) return [];
  const { now } = input;
  const at = firstDate(first, now);
  const what =
    at === first.at
      ? `${isPart(first, input) ? 'part of it ' : ''}${endsWhen(first, input)}`
      : `buyer or seller can change it until ${dateWithDistance(at, now)}`;
  return [`Decide first: ${named(about)}, ${what}.`];
}

/** `3 will not renew`. */
function countsOf(ends: readonly PipelineEnd[]): readonly string[] {
  return ORDER.flatMap((risk) => {
    const count = ends.filter((each) => each.risk === risk).length;
    if (count === 0) return [];
    const words = risk === 'renews' && count === 1 ? 'renews by itself' : GROUPS[risk].count;
    return [`${number(count)} ${words}`];
  });
}

function inGroup(ends: readonly PipelineEnd[], risk: Risk, now: Instant): readonly PipelineEnd[] {
  return ends.filter((each) => each.risk === risk && isNear(each, now));
}

function groupLines(risk: Near, input: PipelineMail, fits: Fits): readonly string[] {
  const ends = inGroup(input.pipeline.ends, risk, input.now);
  const { title, toDo } = GROUPS[risk];
  const all = ends.map((end) => linesOf(end.contract, endWords(end, input), input));
  return section(
    `${title} (${number(ends.length)})`,
    ends.length === 0 ? [] : [`To do: ${toDo}`, ...cut(all, fits)],
  );
}

function weekLines(
  title: string,
  contracts: readonly ContractKey[],
  words: (contract: ContractKey, input: PipelineMail) => string,
  input: PipelineMail,
  fits: Fits,
): readonly string[] {
  const all = contracts.map((contract) => linesOf(contract, words(contract, input), input));
  return section(`${title} (${number(contracts.length)})`, cut(all, fits));
}

function linesOf(
  contract: ContractKey,
  words: string,
  { about, now }: PipelineMail,
): readonly string[] {
  const of = about.get(contract);
  if (of === undefined) return [];
  const { buyer, head } = of;
  const { owner, contacts = [] } = buyer;
  const note = head ? standingNote(head, undefined, now) : null;
  return [
    `* ${named(of)}`,
    ...[
      words,
      ...peopleLines({ owner, contacts: contacts.slice(0, 1) }),
      ...(note === null ? [] : [`Your own: ${note}.`]),
      ...(head === null ? ['Its record cannot be read: "license-watcher doctor" says why.'] : []),
      ...(head === undefined ? [] : [`More: license-watcher history ${buyer.buyerAccountId}`]),
    ].map((text) => `  ${text}`),
  ];
}

/** `10 seats; ends Wed 2027-02-17 00:00 UTC, in 30 days. AWS says today that it ends and does not renew: ... This can be changed until ...` */
function endWords(end: PipelineEnd, input: PipelineMail): string {
  const { about, now } = input;
  const { intent, decideBy, contract } = end;
  const head = about.get(contract)?.head;
  const deadline =
    intent === null || decideBy === null ? null : deadlineWords({ intent, decideBy }, now);
  const ends = endsWhen(end, input);
  const owned = ownedWords(head, now);
  const what = isPart(end, input)
    ? [`part of ${owned.join() || 'it'} ${ends}`]
    : [...owned, `${ends}${head ? earlierEnds(head.state, now) : ''}`];
  return [
    `${capital(what.join('; '))}.`,
    ...(intent === null ? [] : [`${capital(renewalSaid('it', intent))}.`]),
    ...(deadline === null ? [] : [deadline]),
  ].join(' ');
}

/** `ends Wed 2027-02-17 00:00 UTC, in 30 days`; of what nobody can see: `was to end ... (as last seen)`. */
function endsWhen({ at, contract }: PipelineEnd, { about, now }: PipelineMail): string {
  const head = about.get(contract)?.head;
  const when = dateWithDistance(at, now);
  return head && head.blind !== null ? `was to end ${when} (as last seen)` : `ends ${when}`;
}

function isPart({ at, contract }: PipelineEnd, { about }: PipelineMail): boolean {
  return isEndOfPart(at, about.get(contract)?.head?.state ?? []);
}

function lapsedWords(contract: ContractKey, { about, now }: PipelineMail): string {
  const head = about.get(contract)?.head;
  const end = head ? endOf(head.state) : null;
  const words = [
    ...ownedWords(head, now),
    // A canceled license is over before its end.
    ...(end === null
      ? []
      : [`${end > now ? 'was to end' : 'ended'} ${dateWithDistance(end, now)}`]),
  ];
  return [...words, 'nothing new was seen since'].join('; ').concat('.');
}

const WON: Readonly<Record<Won, string>> = {
  bought: 'Bought',
  renewed: 'Renewed',
  upgraded: 'Upgraded',
};

function wonWords(contract: ContractKey, { about, pipeline: { won }, now }: PipelineMail): string {
  const head = about.get(contract)?.head;
  const end = head ? endOf(head.state) : null;
  const how = WON[won.get(contract) ?? 'bought'];
  return `${[
    how,
    ...ownedWords(head, now),
    ...(head === undefined ? ['not watched'] : []),
    ...(end === null ? [] : [`until ${dateWithDistance(end, now)}`]),
  ].join('; ')}.`;
}

function ownedWords(head: AboutContract['head'], now: Instant): readonly string[] {
  const owned = head ? purchaseInShort(head.state, now, head.dimensions) : '';
  return owned === '' ? [] : [cleanText(owned, 200)];
}

function named({ buyer, product }: AboutContract): string {
  const { buyerAccountId, name } = buyer;
  return `${buyerWithAccount({ buyerAccountId, buyerName: name })}, ${productName(product)}`;
}

/** `2027-02: 3 will not renew, 12 renew by themselves`. Not a table, which a narrow pane would break. */
function monthLines(ends: readonly PipelineEnd[], now: Instant): readonly string[] {
  return pipelineMonths(now).flatMap((month) => {
    const counts = countsOf(ends.filter(({ at }) => at.startsWith(month)));
    return counts.length === 0 ? [] : [`${month}: ${counts.join(', ')}`];
  });
}

type Fits = (lines: readonly string[]) => boolean;

function budget(): Fits {
  let left = MOST_BYTES;
  return (lines) => {
    left -= new TextEncoder().encode(JSON.stringify(lines.join('\n'))).length;
    return left >= 0;
  };
}

/** Counts what there is no room for. */
function cut(all: readonly (readonly string[])[], fits: Fits): readonly string[] {
  const shown = all.slice(0, MOST).filter((lines) => lines.length > 0 && fits(lines));
  const left = all.length - shown.length;
  return [...shown.flat(), ...(left === 0 ? [] : [`and ${number(left)} more: ${LIST} has them.`])];
}
