import type { SealedEntry } from '../domain/ledger/ledger.ts';
import { HOW_TO_STOP, HOW_TO_STOP_WITHOUT_STACK } from './aws-sentences.ts';
import { cleanText } from '../domain/outside-text.ts';
import { labelled, listItem, paragraph, section } from './text.ts';
import { date, dateAndTime, testLine } from './dates.ts';
import { gapAhead } from '../domain/license/canonical-state.ts';
import { factLines, nextReminder } from './facts.ts';
import type { Mail } from '../domain/ports.ts';
import { type BuyerMail, type Present, presentOf } from './mail.ts';
import { gapMeans, gapSteps } from './news/meanings.ts';
import { newsOf, sorted } from './news/news-of.ts';
import { buyerVoice, type Row, type Step, type ToldNews } from './news/news.ts';
import { subjectOf, type Subject } from './subject.ts';

/** A topic that nobody confirmed for a year: the mail names the newest, the ledger has all. */
const MOST_NEWS = 20;
const MOST_ROWS = 40;

/**
 * The mail to a buyer about an entry of their ledger. Says nothing that the audience table keeps from buyers. Every mail has
 * the same parts in the same order: what and when, what it means, what to do, facts, before and after, whom to ask, what
 * comes next, how it was recorded, and how to stop.
 */
export function buyerMail(about: BuyerMail): Mail {
  const { entry, folded, head, product, now } = about;
  const present = presentOf(about);
  const { current, old } = sorted(
    [...folded, entry].flatMap((each) => toldOf(each, present, about)),
  );
  const gap = present.isBlind ? null : gapAhead(present.state, now);
  const lines = [
    ...whatAndWhen(current, old, about),
    ...section(
      'What it means',
      unique([
        ...current.flatMap(({ means }) => means),
        ...(gap === null ? [] : gapMeans(gap, product)),
      ]).flatMap((text) => paragraph(text)),
    ),
    ...section(
      'What to do',
      stepLines([
        ...current.flatMap(({ steps }) => steps),
        ...(gap === null ? [] : gapSteps(gap, product)),
      ]),
    ),
    ...section('Facts', factLines(entry, present, product, now)),
    ...section('Before -> after', rowLines([...old, ...current])),
    ...section(
      'Questions',
      paragraph(`${cleanText(product.contact, 200)} (${cleanText(about.sellerName)})`),
    ),
    ...section('Next reminder', paragraph(nextReminder(present, head, product, now))),
    ...section('How it was recorded', recordLines(about)),
    ...section('Why you get this', whyLines(about)),
  ];
  return { subject: subjectOf(...subjects(current, old, about)), text: lines.join('\n') };
}

/** Of several reminders of one end only the newest: all count from now. */
function toldOf(entry: SealedEntry, present: Present, about: BuyerMail): readonly ToldNews[] {
  const { product, now, folded } = about;
  const isOutdone = [...folded, about.entry].some(
    (later) =>
      later.entry > entry.entry &&
      later.reminder !== null &&
      later.reminder.end === entry.reminder?.end,
  );
  const told = isOutdone ? { ...entry, reminder: null } : entry;
  const { isWithoutStack = false } = about;
  const voice = buyerVoice(product);
  const news = newsOf({ entry: told, product, now, voice, present, isWithoutStack }, 'buyer');
  return news.map((each) => ({ ...each, entry }));
}

/** In full, and with fewer words. */
function subjects(
  current: readonly ToldNews[],
  old: readonly ToldNews[],
  { entry, product, test }: BuyerMail,
): [Subject, Subject] {
  const [gravest, ...others] = current;
  const more = [...others, ...old].filter(({ isBaseline }) => isBaseline !== true).length;
  const around = (fact: Subject): Subject => [
    { name: product.name, or: product.id },
    ...(test === true ? [' [TEST]'] : []),
    ': ',
    ...fact,
    ...(more > 0 ? [`, and ${more} more`] : []),
    ' (',
    { name: entry.buyerName, or: entry.buyerAccountId },
    ')',
  ];
  const fact = gravest?.subject ?? [`news of ${date(entry.observedAt)}`];
  return [around(fact), around(gravest?.shorter ?? fact)];
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
    ...(about.test === true ? [...paragraph(testLine(about.now, 'notice')), ''] : []),
    ...paragraph(
      gravest === undefined
        ? `There is news of your license, seen on ${dateAndTime(about.entry.observedAt)}.`
        : wholeSentence(gravest),
    ),
    ...(about.welcome ? ['', ...paragraph(WELCOME)] : []),
    ...section('Also in this mail', shown.flatMap(listItem)),
  ];
}

function wholeSentence({ sentence, more }: ToldNews): string {
  return more === undefined ? sentence : `${sentence} ${more}`;
}

const WELCOME =
  'Welcome: this is the first mail to this address. You get another when something about the license changes, and in time before a term ends.';

function stepLines(steps: readonly Step[]): readonly string[] {
  const texts = steps.map((step) => JSON.stringify(step));
  const once = steps.filter((_step, index) => texts.indexOf(texts[index] ?? '') === index);
  return once.length === 0 ? ['Nothing.'] : once.flatMap(stepLine);
}

function stepLine(step: Step): readonly string[] {
  if (typeof step === 'string') return listItem(step);
  const moves = step.moves.flatMap((move, index) => paragraph(move, `  ${index + 1}. `, '     '));
  return [...listItem(step.text), ...moves];
}

/** Oldest first; each entry's under its date, where several entries have some. */
function rowLines(news: readonly ToldNews[]): readonly string[] {
  const withRows = news
    .filter(({ rows }) => rows.length > 0)
    .toSorted((a, b) => a.entry.entry - b.entry.entry);
  const dated = new Set(withRows.map(({ entry }) => entry.entry)).size > 1;
  const lines = withRows.flatMap(({ rows, entry }) => [
    ...(dated ? [`  ${dateAndTime(entry.observedAt)}`] : []),
    ...rows.map(rowLine),
  ]);
  const flat = lines.flat();
  return flat.length > MOST_ROWS
    ? [...flat.slice(0, MOST_ROWS), '  and more, which the ledger holds']
    : flat;

  function rowLine({ label, before, after }: Row): readonly string[] {
    return labelled(label, `${before} -> ${after}`);
  }
}

/** The buyer as the outside witness: whoever alters the entry later cannot alter the mail. */
function recordLines({ entry, folded, test }: BuyerMail): readonly string[] {
  if (test === true) return paragraph(NOT_RECORDED);
  const numbers = [...folded, entry].map((each) => each.entry);
  const [first, last] = [Math.min(...numbers), entry.entry];
  const which = numbers.length === 1 ? `Entry ${last}` : `Entries ${first} to ${last}`;
  const seals =
    last === 1 ? '' : `, which seals ${last === 2 ? 'entry 1' : `entries 1 to ${last - 1}`}, too`;
  return [
    ...paragraph(
      `${which} of the ledger ${cleanText(entry.contract, 80)}. Hash of entry ${last}${seals}:`,
    ),
    `  ${cleanText(entry.hash)}`,
    ...paragraph(
      'Keep this mail: with number and hash anybody can see later whether the ledger was altered.',
    ),
  ];
}

const NOT_RECORDED =
  'Not at all, as it is a test: no ledger holds it. Here a notice names the entry of the ledger that it tells of, with the hash that proves it.';

function whyLines({ sellerName, entry, isWithoutStack = false }: BuyerMail): readonly string[] {
  const through = isWithoutStack ? 'the role made for it' : 'its stack';
  const howToStop = isWithoutStack ? HOW_TO_STOP_WITHOUT_STACK : HOW_TO_STOP;
  return paragraph(
    `The License Watcher of ${cleanText(sellerName)} watches this license through ${through} in account ${cleanText(entry.buyerAccountId)}. ${howToStop} The seller hears of changes, too.`,
  );
}

function unique(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)];
}
