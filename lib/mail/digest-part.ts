import { type Renewal, renewalAt } from '../domain/agreement/agreement-facts.ts';
import { endOf, type Gap, gapAhead } from '../domain/license/canonical-state.ts';
import { cleanText } from '../domain/outside-text.ts';
import type { Instant } from '../domain/time.ts';
import { purchaseInShort } from './amounts.ts';
import { dateAndTime, dateWithDistance } from './dates.ts';
import { type Group, GROUP_ORDER, groupOf } from './digest-groups.ts';
import { earlierEnds, OVER } from './facts.ts';
import { renewalSaid } from './intent-words.ts';
import type { DigestEntry, SellerDigest } from './mail.ts';
import { gapForSeller } from './news/meanings.ts';
import { newsOf, sorted } from './news/news-of.ts';
import { capital, presentOf, SELLER_VOICE, STANDING_WORDS, type ToldNews } from './news/news.ts';
import { endsQuietWords, standingNote } from './note-words.ts';
import { peopleLines, buyerWithAccount, productName, reasonWords } from './text.ts';
import { subjectOf, type Subject } from './subject.ts';
import { buyerTold, toldWords } from './told-words.ts';

/** What a digest says about one entry. */
export interface Paragraph {
  readonly group: Group;
  readonly entry: DigestEntry;
  readonly news: readonly ToldNews[];
  /** A coming time without a license, if the news is about the term. */
  readonly gap: Gap | null;
}

export function paragraphOf(entry: DigestEntry, { now }: Pick<SellerDigest, 'now'>): Paragraph {
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

/**
 * Removes repetitions: what the seller must pass on appears only in that group. For the same entry, other groups show only what the buyer
 * is not told.
 */
export function saidOnce(paragraphs: readonly Paragraph[], now: Instant): readonly Paragraph[] {
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

/** One item of the list: everything due for one contract. What the seller must pass on is an item of its own. */
export interface DigestPart {
  /** The group of the gravest of `holding`. */
  readonly group: Group;
  /** In the order of their entries. */
  readonly paragraphs: readonly Paragraph[];
  readonly latest: Paragraph;
  /** The paragraphs without news that later news made old, the gravest first: something lost and restored no longer asks for anything. */
  readonly holding: readonly Paragraph[];
}

export function partsOf(paragraphs: readonly Paragraph[]): readonly DigestPart[] {
  const byContract = Map.groupBy(
    paragraphs,
    ({ entry: { entry }, group }) => `${entry.contract} ${String(group === 'pass-on')}`,
  );
  return [...byContract.values()].map(partOf);
}

function partOf(own: readonly Paragraph[]): DigestPart {
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

/** The most text that one more entry adds to a digest. */
export function digestLines(entry: DigestEntry, digest: Pick<SellerDigest, 'now'>): string {
  const part = partOf([paragraphOf(entry, digest)]);
  return [...linesOf(part, digest.now), proofOf(entry)].map((line) => `${line}\n`).join('');
}

/** The words by which an entry is found in the audit table. */
export function proofOf({ entry: { contract, entry, hash } }: DigestEntry): string {
  return `${contract}, entry ${entry} [${hash.slice(0, 12)}]`;
}

/** The lines of a part, one for each thought, however long: a mail program wraps them to the width of its pane. */
export function linesOf(part: DigestPart, now: Instant, isTest = false): readonly string[] {
  const { paragraphs, latest } = part;
  const { entry, product } = latest.entry;
  const more = `More: license-watcher history ${entry.buyerAccountId}, ${entriesOf(paragraphs)} of ${cleanText(entry.productId)}.`;
  const lines = thoughtsOf(part, now).map(({ text, isStep }) =>
    isStep === true ? `To do: ${text}` : text,
  );
  return [
    `* ${buyerWithAccount(entry)}, ${productName(product)}`,
    // No ledger has the entry of a test.
    ...[...lines, ...(isTest ? [] : [more])].map((text) => `  ${text}`),
  ];
}

/** What holds for the whole contract is said once. */
function thoughtsOf({ paragraphs, latest, holding }: DigestPart, now: Instant): readonly Thought[] {
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
  // Agreements that ended together are told in the same words.
  const sentences = new Set(news.map(({ sentence }) => sentence));
  return sentences.size > 0 ? [...sentences].join(' ') : reasonWords(entry);
}

/** Whether the buyer was told; empty if the buyer is not to be told. */
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

/**
 * What the buyer owns, until when, whether it renews, and until when that can be changed. `said`: the text above, which is not repeated.
 */
function standsLines(digested: DigestEntry, said: string, now: Instant): readonly string[] {
  const { state, standing, isBlind } = presentOf(digested);
  if (state.length === 0) return [];
  const isInForce = standing === 'in-force';
  const owned = purchaseInShort(state, now, digested.product.dimensions);
  const end = endOf(state);
  const isOver = end !== null && end <= now;
  const when = end === null ? 'no end' : dateWithDistance(end, now);
  const planned = OVER.has(standing) ? 'was to end ' : 'ends ';
  const ends = end === null ? '' : isOver ? (isBlind ? 'was to end ' : 'ended ') : planned;
  const saysWhen = standing === 'ended' && isOver && !isBlind && !said.includes(when);
  const words = [
    ...(owned === '' || !isInForce ? [] : [`${isOver ? 'Owned' : 'Owns'} ${owned}`]),
    ...(isInForce ? [] : [`License ${STANDING_WORDS[standing]}${saysWhen ? ` ${when}` : ''}`]),
    ...(saysWhen || said.includes(when)
      ? []
      : [`${ends}${when}${isOver ? '' : earlierEnds(state, now)}`]),
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

/** What the seller can do; said once, even if two news ask for it. */
function hints(news: readonly ToldNews[]): readonly string[] {
  const all = news.map(({ forSeller }) => forSeller).filter((each) => each !== undefined);
  return [...new Set(all)];
}

/** The subjects of a mail with only this part: in full, and with fewer words. */
export function subjectsOf(only: DigestPart, mark: readonly string[]): [Subject, Subject?] {
  const [lead = only.latest, ...rest] = only.holding;
  const { entry, product, undelivered } = lead.entry;
  const [news, ...besides] = lead.news;
  // The agreement news behind a license's news does not count as more news.
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

/** One thought of a notice. */
export interface Thought {
  readonly text: string;
  /** True if the text is what the seller can do about it. */
  readonly isStep?: true;
}

/** A notice that is told by itself, in the words of a digest with only this notice. */
export interface ToldAlone {
  readonly subject: string;
  readonly thoughts: readonly Thought[];
}

export function toldAlone(entry: DigestEntry, now: Instant): ToldAlone {
  const part = partOf([paragraphOf(entry, { now })]);
  const subject = subjectOf(...subjectsOf(part, []));
  return { subject, thoughts: thoughtsOf(part, now) };
}
