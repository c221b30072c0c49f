import { endOf, type Gap, gapAhead } from '../domain/license/canonical-state.ts';
import { type Renewal, renewalAt } from '../domain/agreement/agreement-facts.ts';
import type { Instant } from '../domain/time.ts';
import { cleanText } from '../domain/outside-text.ts';
import { buyerWithAccount, productName, reasonWords, section } from './text.ts';
import { counted, date, dateAndTime, dateWithDistance, testLine } from './dates.ts';
import type { Mail } from '../domain/ports.ts';
import type { Buyer } from '../domain/registration/buyer.ts';
import { type Group, GROUP_ORDER, groupOf, GROUPS } from './digest-groups.ts';
import {
  type DigestEntry,
  presentOf,
  type SellerDigest,
  type UnconfirmedBuyer,
  type UnlaunchedBuyer,
  type UnwatchedBuyer,
} from './mail.ts';
import {
  unconfirmedRemedy,
  unconfirmedWords,
  unlaunchedRemedy,
  unlaunchedWords,
  unwatchedRemedy,
  unwatchedWords,
} from './unwatched-words.ts';
import { gapForSeller } from './news/meanings.ts';
import { newsOf, sorted } from './news/news-of.ts';
import { capital, SELLER_VOICE, STANDING_WORDS, type ToldNews } from './news/news.ts';
import { purchaseInShort } from './amounts.ts';
import { renewalSaid } from './intent-words.ts';
import { endsQuietWords, standingNote } from './note-words.ts';
import { peopleLines } from './people.ts';
import { subjectOf, type Subject } from './subject.ts';
import { buyerTold, toldWords } from './told-words.ts';

interface Paragraph {
  readonly group: Group;
  readonly entry: DigestEntry;
  readonly news: readonly ToldNews[];
  /** A time without a license that is to come, where the news are of the term. */
  readonly gap: Gap | null;
}

/** An e-mail to the seller, of as much of what is due as one takes: what needs the seller first, then the gravest. */
export function sellerDigest(digest: SellerDigest): Mail {
  const { entries, now, left = 0, owner, test } = digest;
  const { unlaunched = [], unconfirmed = [], unwatched = [] } = digest;
  const paragraphs = saidOnce(
    entries.map((entry) => paragraphOf(entry, digest)),
    now,
  );
  const parts = partsOf(paragraphs);
  const groups = GROUP_ORDER.flatMap((group) => {
    const own = parts.filter((each) => each.group === group);
    return section(
      `${GROUPS[group]} (${own.length})`,
      own.flatMap((each) => linesOf(each, now)),
    );
  });
  const lines = [
    ...(test === true ? [testLine(now, 'digest'), ''] : []),
    `${summary(paragraphs, parts, digest)}, as of ${dateAndTime(now)}.`,
    ...(owner === undefined
      ? []
      : [`Only of buyers whose owner is ${cleanText(owner)}; the whole digest has the others.`]),
    ...(left > 0 ? [follow(left)] : []),
    ...groups,
    ...section(
      `Invited, and not launched (${unlaunched.length})`,
      unlaunched.flatMap(unlaunchedLines),
    ),
    ...section(
      `Launched, and nobody confirmed (${unconfirmed.length})`,
      unconfirmed.flatMap(unconfirmedLines),
    ),
    ...section(`Bought, and not watched (${unwatched.length})`, unwatched.flatMap(unwatchedLines)),
    '',
    ...(test === true ? [NOWHERE_TO_LOOK] : proofLines(paragraphs)),
  ];
  return { subject: subjectOf(...subjects(paragraphs, parts, digest)), text: lines.join('\n') };
}

const WHERE_TO_LOOK =
  'Proof: the entries of the audit table, each with the beginning of its hash, which the mail to the buyer has whole.';

const LISTS = 'All of them: "license-watcher buyers" and "agreements --unwatched".';

/** Behind all that is to be read. */
function proofLines(paragraphs: readonly Paragraph[]): readonly string[] {
  if (paragraphs.length === 0) return [LISTS];
  const proofs = new Set(paragraphs.map(({ entry }) => proofOf(entry)));
  return [WHERE_TO_LOOK, ...proofs];
}

function proofOf({ entry: { contract, entry, hash } }: DigestEntry): string {
  return `${contract}, entry ${entry} [${hash.slice(0, 12)}]`;
}

const NOWHERE_TO_LOOK = 'None of it stands in the audit table, as it is a test.';

function paragraphOf(entry: DigestEntry, { now }: Pick<SellerDigest, 'now'>): Paragraph {
  const audience = entry.undelivered === null ? 'seller' : 'buyer';
  const { product, isWithoutStack = false } = entry;
  const present = presentOf(entry);
  const setting = {
    entry: entry.entry,
    product,
    now,
    voice: SELLER_VOICE,
    present,
    isWithoutStack,
  };
  const told = newsOf(setting, audience);
  const { current: news } = sorted(told);
  const isOfTerm = news.some(({ about }) => about.includes('term') || about.includes('standing'));
  const gap = isOfTerm && !present.isBlind ? gapAhead(present.state, now) : null;
  return { entry, news, gap, group: groupOf(entry, gap, now) };
}

/** What is to be passed on stands there alone. Of the same entry the seller reads elsewhere only what is not for the buyer to hear. */
function saidOnce(paragraphs: readonly Paragraph[], now: Instant): readonly Paragraph[] {
  const idOf = ({ entry: { entry } }: Paragraph): string => `${entry.contract} ${entry.hash}`;
  const passedOn = new Map(
    paragraphs.filter(({ group }) => group === 'pass-on').map((each) => [idOf(each), each]),
  );
  return paragraphs.flatMap((each) => {
    const same = passedOn.get(idOf(each));
    if (same === undefined || same === each) return [each];
    const said = same.news.map(({ sentence }) => sentence);
    const news = each.news.filter(({ sentence }) => !said.includes(sentence));
    if (news.length === 0) return [];
    const gap = same.gap === null ? each.gap : null;
    const entry = { ...each.entry, toBuyer: undefined };
    return [{ entry, news, gap, group: groupOf(entry, gap, now) }];
  });
}

/** One of the list: what is due of one contract; what the seller is to pass on stands alone. */
interface Part {
  /** Where the gravest of `holding` belongs. */
  readonly group: Group;
  /** By their entries. */
  readonly paragraphs: readonly Paragraph[];
  readonly latest: Paragraph;
  /** The same without the news that later ones have made old, the gravest first: what was lost and is back asks for nothing any more. */
  readonly holding: readonly Paragraph[];
}

function partsOf(paragraphs: readonly Paragraph[]): readonly Part[] {
  const byContract = Map.groupBy(
    paragraphs,
    ({ entry: { entry }, group }) => `${entry.contract} ${String(group === 'pass-on')}`,
  );
  return [...byContract.values()].map(partOf);
}

function partOf(own: readonly Paragraph[]): Part {
  const paragraphs = own.toSorted((a, b) => a.entry.entry.entry - b.entry.entry.entry);
  const { current } = sorted(paragraphs.flatMap(({ news }) => news));
  const holding = paragraphs
    .filter(({ news }) => news.length === 0 || news.some((each) => current.includes(each)))
    .map((each) => ({ ...each, news: each.news.filter((news) => current.includes(news)) }))
    .toSorted((a, b) => GROUP_ORDER.indexOf(a.group) - GROUP_ORDER.indexOf(b.group));
  const [latest, gravest] = [paragraphs.at(-1), holding[0]];
  if (latest === undefined || gravest === undefined) throw new Error('a contract without notices');
  return { group: gravest.group, paragraphs, latest, holding };
}

/** What one more entry adds to the text of a digest, at most. */
export function digestLines(entry: DigestEntry, digest: Pick<SellerDigest, 'now'>): string {
  const part = partOf([paragraphOf(entry, digest)]);
  return [...linesOf(part, digest.now), proofOf(entry)].map((line) => `${line}\n`).join('');
}

/** Above the rest, so that nobody takes the mail for all there is. */
function follow(left: number): string {
  return `These are the gravest: up to ${counted(left, 'more notice')} that ${left === 1 ? 'is' : 'are'} due by now will follow in further mails.`;
}

/** One thought of a notice. */
export interface Thought {
  readonly text: string;
  /** What the seller can do about it. */
  readonly isStep?: true;
}

/** A notice that is told by itself: what the digest that holds nothing else says. */
export interface ToldAlone {
  readonly subject: string;
  readonly thoughts: readonly Thought[];
}

export function toldAlone(entry: DigestEntry, now: Instant): ToldAlone {
  const part = partOf([paragraphOf(entry, { now })]);
  const subject = subjectOf(...subjects(part.paragraphs, [part], { entries: [entry], now }));
  return { subject, thoughts: thoughtsOf(part, now) };
}

/** Each thought a line, however long: a mail program wraps it to the width of its pane. */
function linesOf(part: Part, now: Instant): readonly string[] {
  const { paragraphs, latest } = part;
  const { entry, product } = latest.entry;
  const more = `More: license-watcher history ${entry.buyerAccountId}, ${entriesOf(paragraphs)} of ${cleanText(entry.productId)}.`;
  const lines = thoughtsOf(part, now).map(({ text, isStep }) =>
    isStep === true ? `To do: ${text}` : text,
  );
  return [
    `* ${buyerWithAccount(entry)}, ${productName(product)}`,
    ...[...lines, more].map((text) => `  ${text}`),
  ];
}

/** What holds for the contract is said once. */
function thoughtsOf({ paragraphs, latest, holding }: Part, now: Instant): readonly Thought[] {
  const { head, noteText, sellersOwn } = latest.entry;
  const said = paragraphs.map(saidOf);
  const told = paragraphs.map((each) => toldLines(each, now));
  const isSame = new Set(told.map(([line = '']) => line)).size === 1;
  const gap = paragraphs.findLast((each) => each.gap !== null)?.gap ?? null;
  const ended = paragraphs.flatMap(({ entry: { entry } }) => entry.endsQuiet ?? []);
  const fact = (text: string): Thought => ({ text });
  const step = (text: string): Thought => ({ text, isStep: true });
  return [
    ...(isSame ? said : said.flatMap((each, at) => [each, ...(told[at] ?? [])])).map(fact),
    ...standsLines(latest.entry, said.join(' '), now).map(fact),
    ...(isSame ? (told[0] ?? []) : []).map(fact),
    ...hints(holding.flatMap(({ news }) => news)).map(step),
    ...[...new Set(ended.map(endsQuietWords))].map(fact),
    ...noteLines(head, noteText, now).map(fact),
    ...(sellersOwn === undefined ? [] : peopleLines(sellersOwn)).map(fact),
    ...(gap === null ? [] : [step(gapForSeller(gap))]),
  ];
}

function saidOf({ entry: { entry }, news }: Paragraph): string {
  return news.length > 0 ? news.map(({ sentence }) => sentence).join(' ') : reasonWords(entry);
}

/** Whether the buyer was told of it; nothing, where it is not the buyer's to hear. */
function toldLines(
  { entry: { undelivered, toBuyer } }: Paragraph,
  now: Instant,
): readonly string[] {
  const told =
    undelivered === null
      ? buyerTold(toBuyer, now)
      : ({ outcome: 'not-told', reason: undelivered } as const);
  return told === null ? [] : [`Buyer ${cleanText(toldWords(told), 400)}.`];
}

/** `entry 3`, `entries 3 and 4`. */
function entriesOf(paragraphs: readonly Paragraph[]): string {
  const numbers = [...new Set(paragraphs.map(({ entry: { entry } }) => entry.entry))];
  const [last, ...others] = numbers.toReversed();
  return others.length === 0
    ? `entry ${last ?? ''}`
    : `entries ${others.toReversed().join(', ')} and ${last ?? ''}`;
}

/** What they own, until when, whether it renews, and until when that can be changed. `said`: what stands above, which is not said again. */
function standsLines(digested: DigestEntry, said: string, now: Instant): readonly string[] {
  const { state, standing, isBlind } = presentOf(digested);
  if (state.length === 0) return [];
  const isInForce = standing === 'in-force';
  const owned = purchaseInShort(state, now, digested.product.dimensions);
  const end = endOf(state);
  const isOver = end !== null && end <= now;
  const when = end === null ? 'no end' : dateWithDistance(end, now);
  const ends = end === null ? '' : isOver ? (isBlind ? 'was to end ' : 'ended ') : 'ends ';
  const words = [
    ...(owned === '' || !isInForce ? [] : [`${isOver ? 'Owned' : 'Owns'} ${owned}`]),
    ...(isInForce ? [] : [`License ${STANDING_WORDS[standing]}`]),
    ...(said.includes(when) ? [] : [`${ends}${when}`]),
    ...(isInForce && end !== null && !isOver && !said.includes('AWS says today')
      ? [renewalWords(renewalAt(digested.head.agreements, end), now)]
      : []),
  ];
  return words.length === 0
    ? []
    : [`${capital(words.join('; '))}${isBlind ? ' (as last seen)' : ''}.`];
}

function renewalWords(renewal: Renewal | null, now: Instant): string {
  if (renewal === null || renewal.intent.kind === 'unknown')
    return 'whether it renews is not known';
  const { intent, decideBy } = renewal;
  const until =
    decideBy === null
      ? ''
      : decideBy > now
        ? `; buyer or seller can change it until ${dateAndTime(decideBy)}`
        : `; it could be changed until ${dateAndTime(decideBy)}`;
  return `${renewalSaid('the agreement', intent)}${until}`;
}

function noteLines(
  head: DigestEntry['head'],
  noteText: DigestEntry['noteText'],
  now: Instant,
): readonly string[] {
  const words = standingNote(head, noteText, now);
  return words === null ? [] : [`Your own: ${words}.`];
}

/** What to do, where it is for the seller; once, though two news ask for it. */
function hints(news: readonly ToldNews[]): readonly string[] {
  const all = news.map(({ forSeller }) => forSeller).filter((each) => each !== undefined);
  return [...new Set(all)];
}

function unlaunchedLines({ buyer, products }: UnlaunchedBuyer): readonly string[] {
  return buyerLines(buyer, unlaunchedWords(buyer, products), unlaunchedRemedy(buyer, products));
}

function unconfirmedLines({ buyer, products }: UnconfirmedBuyer): readonly string[] {
  return buyerLines(buyer, unconfirmedWords(buyer), unconfirmedRemedy(buyer, products));
}

function buyerLines(buyer: Buyer, words: string, remedy: string): readonly string[] {
  const { buyerAccountId, name } = buyer;
  const lines = [words, ...peopleLines(buyer), `To do: ${capital(remedy)}`];
  return [
    `* ${buyerWithAccount({ buyerAccountId, buyerName: name })}`,
    ...lines.map((text) => `  ${text}`),
  ];
}

function unwatchedLines({
  buyerAccountId,
  buyer,
  news,
  productIds,
  products,
}: UnwatchedBuyer): readonly string[] {
  const remedy = unwatchedRemedy(buyerAccountId, productIds, buyer);
  return [
    `* ${buyerWithAccount({ buyerAccountId, buyerName: buyer?.name ?? '' })}`,
    ...[
      ...news.map((each) => unwatchedWords(each, products)),
      ...peopleLines(buyer ?? {}),
      ...(remedy === null ? [] : [`To do: ${capital(remedy)}`]),
    ].map((text) => `  ${text}`),
  ];
}

function summary(
  paragraphs: readonly Paragraph[],
  parts: readonly Part[],
  {
    unlaunched = [],
    unconfirmed = [],
    unwatched = [],
  }: Pick<SellerDigest, 'unlaunched' | 'unconfirmed' | 'unwatched'>,
): string {
  const invited = [
    ...(unlaunched.length === 0 ? [] : [`${unlaunched.length} invited and not launched`]),
    ...(unconfirmed.length === 0 ? [] : [`${unconfirmed.length} launched and not confirmed`]),
    ...(unwatched.length === 0 ? [] : [`${unwatched.length} bought and not watched`]),
  ];
  if (paragraphs.length === 0 && invited.length > 0) return invited.join(', ');
  const buyers = new Set(paragraphs.map(({ entry }) => entry.entry.buyerAccountId)).size;
  const counts = toDo(parts);
  const all = `${counted(paragraphs.length, 'notice')} of ${counted(buyers, 'buyer')}`;
  return [all, ...counts, ...invited].join(', ');
}

function toDo(parts: readonly Part[]): readonly string[] {
  return GROUP_ORDER.flatMap((group) => {
    const count = parts.filter((each) => each.group === group).length;
    return count === 0 || group === 'good' || group === 'info' ? [] : [SUMMARY_WORDS[group](count)];
  });
}

const SUMMARY_WORDS: Readonly<Record<Exclude<Group, 'good' | 'info'>, (count: number) => string>> =
  {
    'pass-on': (count) => `${count} to pass on`,
    decide: (count) => `${count} to decide`,
    'at-risk': (count) => `${count} at risk`,
    lapsed: (count) => `${count} lapsed`,
  };

/** In full, and with fewer words. */
function subjects(
  paragraphs: readonly Paragraph[],
  parts: readonly Part[],
  digest: SellerDigest,
): [Subject, Subject?] {
  const { now, test, unlaunched = [], unconfirmed = [], unwatched = [] } = digest;
  const mark = test === true ? [' [TEST]'] : [];
  const [only, ...others] = parts;
  const besidesParts = unlaunched.length + unconfirmed.length + unwatched.length;
  if (only === undefined || others.length > 0 || besidesParts > 0) {
    const counts = toDo(parts);
    // How many notices of how many buyers says the first line, too: what is to be done has the room.
    const said = counts.length > 1 ? counts.join(', ') : summary(paragraphs, parts, digest);
    return [['License Watcher', ...mark, `: ${said}, ${date(now)}`]];
  }
  const [lead = only.latest, ...rest] = only.holding;
  const { entry, product, undelivered } = lead.entry;
  const [news, ...besides] = lead.news;
  // What a license's news came of is no news more.
  const more = [...besides, ...rest.flatMap((each) => each.news)].filter(
    ({ about }) => !about.every((each) => each.startsWith('agreement ')),
  );
  const around = (fact: Subject): Subject => [
    { name: entry.buyerName, or: entry.buyerAccountId },
    ...mark,
    ': ',
    ...(undelivered === null ? [] : ['please tell them: ']),
    ...fact,
    ...(more.length > 0 ? [`, and ${more.length} more`] : []),
    ' (',
    { name: product.name, or: product.id },
    ')',
  ];
  const fact = news?.subject ?? [`entry ${entry.entry}`];
  return [around(fact), around(news?.shorter ?? fact)];
}
