import { cleanText } from '../../../../mail/clean-text.ts';
import { reasonWords } from '../../../../mail/reason-words.ts';
import type { Io } from '../../io.ts';
import { entryNews, namesOf } from '../../../../mail/news/entry-news.ts';
import { alarming, bold } from '../../output/paint.ts';
import { wrapped } from '../../output/table.ts';
import { spoken } from '../../output/time.ts';
import type { Item } from './feed.ts';

export function itemLines(item: Item, io: Io): readonly string[] {
  if (item.kind === 'unreadable') {
    const words = `${cleanText(item.contract)} entry ${cleanText(item.key)} cannot be read: ${cleanText(item.problem, 400)}`;
    return wrapped(words).map((line) => alarming(line, io));
  }
  const { entry } = item;
  const who = [entry.buyerAccountId, cleanText(entry.buyerName), cleanText(entry.productId)].join(
    ' ',
  );
  const names = namesOf(entry);
  const news = entryNews(entry).map(({ sentence }, index) => `${names[index] ?? ''}: ${sentence}`);
  const said = news.length === 0 ? [`No named change: ${reasonWords(entry)}`] : news;
  return [
    ...wrapped(`${spoken(entry.observedAt)} ${who}`).map((line) => bold(line, io)),
    ...said.flatMap((words) => wrapped(words, '  ')),
  ];
}
