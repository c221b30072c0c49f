import type { SealedEntry } from '../../../../domain/ledger/ledger.ts';
import { cleanText } from '../../../../mail/clean-text.ts';
import { reasonWords } from '../../../../mail/reason-words.ts';
import type { Io } from '../../io.ts';
import { entryNews, titleOf } from '../../../../mail/news/entry-news.ts';
import { alarming, bold } from '../../output/paint.ts';
import { wrapped } from '../../output/table.ts';
import { spoken } from '../../output/time.ts';
import type { Page } from './pages.ts';
import { noticeWords, toldWords } from './told-words.ts';

/** A person asked for it: whole, as long as it is not a book. */
const LONGEST_REASON = 2_000;

/** Whose ledger begins here. */
export function headingLines({ written }: Page, io: Io): readonly string[] {
  const words =
    written.kind === 'entry'
      ? `${written.entry.buyerAccountId}  ${cleanText(written.entry.buyerName)}  ${productWords(written.entry)}`
      : cleanText(written.contract);
  return [...wrapped(words).map((line) => bold(line, io)), ''];
}

function productWords({ productName, productId }: SealedEntry): string {
  const [name, id] = [cleanText(productName), cleanText(productId)];
  return name === '' || name === id ? id : `${name} (${id})`;
}

export function pageLines({ written, told, others }: Page, io: Io): readonly string[] {
  const about =
    written.kind === 'entry' ? entryLines(written.entry, io) : unreadableLines(written, io);
  const telling = [...told.map(toldWords), ...others.map(noticeWords)];
  return [...about, ...telling.flatMap((words) => wrapped(words, '  '))];
}

function entryLines(entry: SealedEntry, io: Io): readonly string[] {
  const news = entryNews(entry);
  return [
    ...wrapped(`${spoken(entry.observedAt)} entry ${entry.entry}: ${titleOf(entry)}`).map((line) =>
      bold(line, io),
    ),
    ...news.flatMap(({ sentence, rows }) => [
      ...wrapped(sentence, '  '),
      ...rows.flatMap(({ label, before, after }) =>
        wrapped(`${label}: ${before} -> ${after}`, '    '),
      ),
    ]),
    ...wrapped(`Why: ${reasonWords(entry, LONGEST_REASON)}`, '  '),
  ];
}

function unreadableLines(
  { key, problem }: { readonly key: string; readonly problem: string },
  io: Io,
): readonly string[] {
  return wrapped(`entry ${cleanText(key)}: cannot be read: ${cleanText(problem, 400)}`).map(
    (line) => alarming(line, io),
  );
}
