import { cleanText } from '../domain/outside-text.ts';
import type { Mail } from '../domain/ports.ts';
import type { Buyer } from '../domain/registration/buyer.ts';
import { counted, date, dateAndTime, testLine } from './dates.ts';
import { type Group, GROUP_ORDER, GROUPS } from './digest-groups.ts';
import {
  linesOf,
  type Paragraph,
  paragraphOf,
  type DigestPart,
  partsOf,
  proofOf,
  saidOnce,
  subjectsOf,
} from './digest-part.ts';
import type { SellerDigest, UnwatchedBuyer } from './mail.ts';
import { capital } from './news/news.ts';
import { peopleLines, buyerWithAccount, section } from './text.ts';
import { subjectOf, type Subject } from './subject.ts';
import {
  unconfirmedRemedy,
  unconfirmedWords,
  unlaunchedRemedy,
  unlaunchedWords,
  unwatchedRemedy,
  unwatchedWords,
} from './unwatched-words.ts';

/** An e-mail to the seller with as much of what is due as fits: what needs the seller first, then the gravest. */
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
      own.flatMap((each) => linesOf(each, now, test === true)),
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
      unlaunched.flatMap(({ buyer, products: of }) =>
        buyerLines(buyer, [unlaunchedWords(buyer, of)], unlaunchedRemedy(buyer, of)),
      ),
    ),
    ...section(
      `Launched, and nobody confirmed (${unconfirmed.length})`,
      unconfirmed.flatMap(({ buyer, products: of }) =>
        buyerLines(buyer, [unconfirmedWords(buyer)], unconfirmedRemedy(buyer, of)),
      ),
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

/** The proof, at the end of the mail. */
function proofLines(paragraphs: readonly Paragraph[]): readonly string[] {
  if (paragraphs.length === 0) return [LISTS];
  const proofs = new Set(paragraphs.map(({ entry }) => proofOf(entry)));
  return [WHERE_TO_LOOK, ...proofs];
}

const NOWHERE_TO_LOOK = 'None of it stands in the audit table, as it is a test.';

/** Stands above the rest, so that nobody takes the mail for everything there is. */
function follow(left: number): string {
  return `These are the gravest: up to ${counted(left, 'more notice')} that ${left === 1 ? 'is' : 'are'} due by now will follow in further mails.`;
}

function unwatchedLines({
  buyerAccountId,
  buyer,
  news,
  productIds,
  products,
}: UnwatchedBuyer): readonly string[] {
  const words = news.map((each) => unwatchedWords(each, products));
  const remedy = unwatchedRemedy(buyerAccountId, productIds, buyer);
  return buyerLines(buyer ?? { buyerAccountId, name: '' }, words, remedy);
}

function buyerLines(
  buyer: Pick<Buyer, 'buyerAccountId' | 'name' | 'owner' | 'contacts'>,
  words: readonly string[],
  remedy: string | null,
): readonly string[] {
  const toDo = remedy === null ? [] : [`To do: ${capital(remedy)}`];
  return [
    `* ${buyerWithAccount({ ...buyer, buyerName: buyer.name })}`,
    ...[...words, ...peopleLines(buyer), ...toDo].map((text) => `  ${text}`),
  ];
}

function summary(
  paragraphs: readonly Paragraph[],
  parts: readonly DigestPart[],
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

function toDo(parts: readonly DigestPart[]): readonly string[] {
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

/** The subject in full, and with fewer words. */
function subjects(
  paragraphs: readonly Paragraph[],
  parts: readonly DigestPart[],
  digest: SellerDigest,
): [Subject, Subject?] {
  const { now, test, unlaunched = [], unconfirmed = [], unwatched = [] } = digest;
  const mark = test === true ? [' [TEST]'] : [];
  const [only, ...others] = parts;
  const besidesParts = unlaunched.length + unconfirmed.length + unwatched.length;
  if (only !== undefined && others.length === 0 && besidesParts === 0)
    return subjectsOf(only, mark);
  const counts = toDo(parts);
  // The first line of the mail also counts notices and buyers, so the subject has room for what to do.
  const said = counts.length > 1 ? counts.join(', ') : summary(paragraphs, parts, digest);
  return [['License Watcher', ...mark, `: ${said}, ${date(now)}`]];
}
