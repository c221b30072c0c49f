import { expect, it } from 'vitest';
import { publishedNotice, type EventType } from '../../lib/messages/published-notice.ts';
import type { ChangeType } from '../../lib/domain/check/changes.ts';
import { AUDIENCE_TABLE } from '../../lib/domain/notice/notices.ts';
import { documentText } from '../support/document.ts';

const TEXT = documentText('docs/events.md');

/** The names in the first column of a table that begins so. */
function firstColumn(head: string): readonly string[] {
  const [, table = ''] = TEXT.split(new RegExp(`\\| ${head} +\\| is +\\|\\n`));
  const rows = table.split('\n').slice(1);
  const end = rows.findIndex((row) => !row.startsWith('|'));
  return rows
    .slice(0, end)
    .flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`(\w+)`/g)].map(([, name]) => name!));
}

it('docs/events.md names every member of the detail, and no other', () => {
  expect(firstColumn('member').toSorted()).toEqual(Object.keys(publishedNotice.shape).toSorted());
});

it('docs/events.md names every detail-type that is no change', () => {
  const others: Readonly<Record<Exclude<EventType, ChangeType>, true>> = {
    Reminder: true,
    BuyerNotTold: true,
    NewsUnconfirmed: true,
  };
  // The first row has a change for an example.
  expect(firstColumn('detail-type')).toEqual(['LicenseExpired', ...Object.keys(others)]);
});

it.each(['docs/events.md', 'docs/settings.md'])(
  'what %s says to try comes whatever severity was chosen',
  (path) => {
    const tried = [...documentText(path).matchAll(/license-watcher simulate (\S+)/g)];
    const urgent = Object.entries(AUDIENCE_TABLE).filter(([, { seller }]) => seller === 'urgent');
    expect(tried).toHaveLength(1);
    for (const [, selection] of tried) expect(urgent.map(([name]) => name)).toContain(selection);
  },
);
