import { globSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { BLIND_CAUSES, TROUBLE_CAUSES } from '../../lib/domain/check/observation.ts';
import * as MESSAGES from '../../lib/observability/message-codes.ts';
import { anchorsOf, documentText, sectionOf } from '../support/document.ts';
import { SLACK } from '../support/settings-context.ts';
import { licenseWatcherApp, ofType, readable, synthesized } from '../support/synthesized.ts';

const TEXT = documentText('docs/runbook.md');
const ANCHORS = anchorsOf(TEXT);
const sources = (pattern: string): string =>
  globSync(pattern)
    .map((path) => readFileSync(path, 'utf8'))
    .join('\n');

/** The first cells of the tables of a section, code marks gone. */
function rowsOf(anchor: string): readonly (readonly string[])[] {
  const lines = sectionOf(TEXT, anchor)
    .split('\n')
    .filter((line) => /^\| (?!-)/.test(line));
  return lines.map((line) => line.split(' | ').map((cell) => cell.replaceAll(/[`|]/g, '').trim()));
}

const names = (anchor: string): readonly string[] =>
  rowsOf(anchor).flatMap(([first = '']) => first.split(', '));

describe('the runbook has', () => {
  const alarms = ofType(
    synthesized(licenseWatcherApp({ slack: SLACK }).watcher),
    'AWS::CloudWatch::Alarm',
  );
  const linked = alarms.map(
    ([, { Properties }]) =>
      /runbook\.md#([a-z-]+)/.exec(JSON.stringify(readable(Properties)))?.[1] ?? '',
  );

  test('each alarm: what it means, who suffers, where to look, what to do, when it is over', () => {
    expect(linked).toHaveLength(24);
    for (const anchor of linked)
      for (const part of ['Means', 'Suffers', 'Look', 'Do', 'Over'])
        expect(sectionOf(TEXT, anchor)).toContain(`**${part}**`);
  });

  test('each heading that a finding of the doctor names', () => {
    const named = [
      ...sources('lib/seller/cli/commands/doctor/**/*.ts').matchAll(
        /(?:runbook: |RUNBOOK = )'([a-z-]+)'/g,
      ),
    ];
    expect(named.length).toBeGreaterThan(4);
    for (const [, anchor] of named) expect(ANCHORS).toContain(anchor);
  });

  test('a row for each finding of the doctor that is no good news', () => {
    const found = [
      ...sources('lib/seller/cli/commands/doctor/**/*.ts').matchAll(
        /(?:\bin([A-Z]\w+)\.|(?<![.\w]))(warning|failure)\(/g,
      ),
    ];
    const counted = found.map(([, area = 'any', level]) => `${area.toLowerCase()} ${level ?? ''}`);
    const rows = rowsOf('what-doctor-finds').flatMap(([area = '', level = '']) =>
      /^(warning|failure)$/.test(level) ? [`${area} ${level}`] : [],
    );
    expect(rows.toSorted()).toEqual(counted.toSorted());
  });

  test('each cause of blindness and of trouble', () => {
    expect(names('blind-buyers')).toEqual(expect.arrayContaining([...BLIND_CAUSES]));
    expect(names('troubles-that-are-not-the-buyers')).toEqual(['cause', ...TROUBLE_CAUSES]);
  });

  test('each code that is logged as a warning or an error, and no other', () => {
    const code = sources('lambdas/**/*.ts') + sources('lib/observability/*.ts');
    const logged = [...code.matchAll(/\b(?:warn|error)\(\s*(?:\w+_)?MESSAGES\.(\w+)/g)].map(
      ([, name = '']) => name,
    );
    const codes = logged.map((name) => MESSAGES[name as keyof typeof MESSAGES].code);
    expect(names('what-the-log-says').slice(1).toSorted()).toEqual([...new Set(codes)].toSorted());
  });
});
