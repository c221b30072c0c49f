import type { SealedEntry } from '../domain/ledger/ledger.ts';
import { HOW_TO_STOP, HOW_TO_STOP_WITHOUT_STACK } from './aws-sentences.ts';
import { cleanText } from '../domain/outside-text.ts';
import { labelled, section } from './text.ts';
import { date, dayAndTime, testLine } from './dates.ts';
import { gapAhead } from '../domain/license/canonical-state.ts';
import { factLines, nextReminder } from './facts.ts';
import type { Mail } from '../domain/ports.ts';
import type { BuyerMail } from './mail.ts';
import { gapMeans, gapSteps } from './news/meanings.ts';
import { newsOf, sorted } from './news/news-of.ts';
import { buyerVoice, type Present, presentOf, type Step, type ToldNews } from './news/news.ts';
import { buyersSubject } from './subject.ts';

/** These limits are reached if nobody confirms a topic for a year: the mail names the newest, the ledger has all. */
const MOST_NEWS = 20;
const MOST_ROWS = 40;

/**
 * The mail to a buyer about an entry of their ledger. It says nothing that the audience table withholds from buyers. Every mail has the
 * same parts in the same order: what and when, what to do, what it means, the facts, the proof, and why the buyer gets it.
 */
export function buyerMail(about: BuyerMail): Mail {
  const { entry, folded, head, product, now } = about;
  const present = presentOf(about);
  const { current, old } = sorted(
    [...folded, entry].flatMap((each) => toldOf(each, present, about)),
  );
  const gap = present.isBlind ? null : gapAhead(present.state, now);
  const steps = stepLines([
    ...current.flatMap(({ steps: own = [] }) => own),
    ...(gap === null ? [] : gapSteps(gap, product)),
  ]);
  const contact = cleanText(product.contact, 200);
  const said = [
    ...whatAndWhen(current, old, about),
    ...section('What to do', steps),
    ...section('What it means', [
      ...new Set([
        ...current.flatMap(({ means = [] }) => means),
        ...(gap === null ? [] : gapMeans(gap)),
      ]),
    ]),
  ];
  const rows = rowLines([...old, ...current]);
  const facts = factLines(entry, present, product, { now, said: said.join('\n') });
  const lines = [
    ...said,
    ...section('Facts', [
      ...rows,
      ...facts.filter((fact) => !rows.some((row) => endsWithFact(row, fact))),
      ...current.flatMap(({ seen }) => (seen === undefined ? [] : labelled('Seen', seen))),
      ...labelled('Next reminder', nextReminder(present, head, product, now)),
      ...(steps.some((line) => line.includes(contact)) ? [] : labelled('Questions', contact)),
    ]),
    '',
    ...proofLine(about),
    whyLine(about),
  ];
  // Where the seller names no contact, a sentence ends with a space.
  const text = lines.map((line) => line.trimEnd()).join('\n');
  return { subject: subjectTo(current, old, about), text };
}

/** Of several reminders of one end, only the newest is told: all count from now. */
function toldOf(entry: SealedEntry, present: Present, about: BuyerMail): readonly ToldNews[] {
  const { product, now, folded } = about;
  const isOutdone = [...folded, about.entry].some(
    (later) =>
      later.entry > entry.entry &&
      later.reminder !== null &&
      later.reminder.end === entry.reminder?.end &&
      later.reminder.decideBy === entry.reminder.decideBy,
  );
  const told = isOutdone ? { ...entry, reminder: null } : entry;
  const { isWithoutStack = false } = about;
  const voice = buyerVoice(product);
  const news = newsOf({ entry: told, product, now, voice, present, isWithoutStack }, 'buyer');
  return news.map((each) => ({ ...each, entry }));
}

function subjectTo(
  current: readonly ToldNews[],
  old: readonly ToldNews[],
  { entry, product, test }: BuyerMail,
): string {
  const [gravest, ...others] = current;
  const more = [...others, ...old].filter(({ isBaseline }) => isBaseline !== true).length;
  return buyersSubject(gravest ?? { subject: [`news of ${date(entry.observedAt)}`] }, {
    more: `${more > 0 ? `, +${more} more` : ''}${test === true ? ' [TEST]' : ''}`,
    product: { name: product.name, or: product.id },
    buyer: { name: entry.buyerName, or: entry.buyerAccountId },
  });
}

function whatAndWhen(
  current: readonly ToldNews[],
  old: readonly ToldNews[],
  about: BuyerMail,
): readonly string[] {
  const [gravest, ...others] = current;
  const rest = [...others, ...old].toSorted((a, b) => a.entry.entry - b.entry.entry);
  const shown = rest.slice(-MOST_NEWS).map(wholeSentence);
  const left = rest.length - shown.length;
  if (left > 0) shown.unshift(`${left} earlier ones, which the ledger holds; ask for them.`);
  return [
    ...(about.test === true ? [testLine(about.now, 'notice'), ''] : []),
    gravest === undefined
      ? `There is news of your license, seen on ${dayAndTime(about.entry.observedAt)}.`
      : wholeSentence(gravest),
    ...(about.welcome ? ['', welcome(about)] : []),
    ...section(
      'Also in this mail',
      shown.map((sentence) => `- ${sentence}`),
    ),
  ];
}

function wholeSentence({ sentence, more }: ToldNews): string {
  return more === undefined ? sentence : `${sentence} ${more}`;
}

function welcome({ product: { reminderDays } }: BuyerMail): string {
  const inTime = reminderDays.some((days) => days > 0) ? ', and in time before a term ends' : '';
  return `Welcome: from now on you get a mail when something about the license changes${inTime}.`;
}

function stepLines(steps: readonly Step[]): readonly string[] {
  const texts = steps.map((step) => JSON.stringify(step));
  const once = steps.filter((_step, index) => texts.indexOf(texts[index] ?? '') === index);
  return once.length === 0 ? ['Nothing.'] : once.flatMap(stepLine);
}

function stepLine(step: Step): readonly string[] {
  if (typeof step === 'string') return [`- ${step}`];
  return [`- ${step.text}`, ...step.moves.map((move, index) => `  ${index + 1}. ${move}`)];
}

/** The rows, oldest first, with dates if several entries have rows. */
function rowLines(news: readonly ToldNews[]): readonly string[] {
  const withRows = news
    .filter(({ rows = [] }) => rows.length > 0)
    .toSorted((a, b) => a.entry.entry - b.entry.entry);
  const dated = new Set(withRows.map(({ entry }) => entry.entry)).size > 1;
  const lines = withRows.flatMap(({ rows = [], entry }) =>
    rows.flatMap(({ label, before, after }) =>
      labelled(`${dated ? `${date(entry.observedAt)}, ` : ''}${label}`, `${before} -> ${after}`),
    ),
  );
  return lines.length > MOST_ROWS
    ? [...lines.slice(0, MOST_ROWS), 'and more, which the ledger holds']
    : lines;
}

/** True if the row says the fact: `Tier: BasicTier -> PremiumTier` says `Tier: PremiumTier`. */
function endsWithFact(row: string, fact: string): boolean {
  const label = fact.slice(0, fact.indexOf(': ') + 2);
  return row.startsWith(label) && row.endsWith(` -> ${fact.slice(label.length)}`);
}

/**
 * The proof that makes the buyer an outside witness: whoever alters the entry later cannot alter the mail. The hash seals the earlier
 * entries, too.
 */
function proofLine({ entry, folded, test }: BuyerMail): readonly string[] {
  if (test === true) return [NOT_RECORDED];
  const first = Math.min(...[...folded, entry].map((each) => each.entry));
  const which =
    first === entry.entry ? `entry ${entry.entry}` : `entries ${first} to ${entry.entry}`;
  return labelled(
    'Proof',
    `${cleanText(entry.contract, 80)}, ${which}, hash ${cleanText(entry.hash)}`,
  );
}

const NOT_RECORDED =
  'Proof: none, as no ledger holds a test. Here a notice names its entry of the ledger, and the hash that proves it.';

function whyLine({ sellerName, isWithoutStack = false, welcome }: BuyerMail): string {
  const seller = cleanText(sellerName);
  const from = `From ${seller}'s License Watcher${welcome ? '; the seller hears of changes, too' : ''}.`;
  return `${from} ${isWithoutStack ? HOW_TO_STOP_WITHOUT_STACK : HOW_TO_STOP}`;
}
