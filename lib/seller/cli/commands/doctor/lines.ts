import type { Io } from '../../io.ts';
import { alarming, bold } from '../../output/paint.ts';
import { wrapped } from '../../output/table.ts';
import type { Area, Finding } from './findings/finding.ts';

const TITLES: Readonly<Record<Area, string>> = {
  stack: 'Stack',
  sweeps: 'Sweeps',
  queues: 'Queues',
  alarms: 'Alarms',
  mail: 'Mail to the seller',
  buyers: 'Buyers',
};

const MARKS: Readonly<Record<Finding['level'], string>> = {
  ok: 'ok',
  warning: 'warning',
  failure: 'FAILURE',
};
const INDENT = ' '.repeat(11);

export function title(area: Area, io: Io): string {
  return bold(TITLES[area], io);
}

/** `  FAILURE  what`, and under it what is known and what to do. */
export function findingLines(
  { level, what, detail, remedy, runbook }: Finding,
  io: Io,
): readonly string[] {
  const [first = '', ...rest] = wrapped(what, INDENT);
  const head = `  ${MARKS[level].padEnd(INDENT.length - 2)}${first.trimStart()}`;
  return [
    ...[head, ...rest].map((line) => (level === 'failure' ? alarming(line, io) : line)),
    ...(detail === null ? [] : wrapped(detail, INDENT)),
    ...(remedy === null ? [] : hanging('Remedy: ', remedy)),
    ...(runbook === null ? [] : [`${INDENT}See docs/runbook.md#${runbook}`]),
  ];
}

/** Under its own beginning. */
function hanging(label: string, text: string): readonly string[] {
  const indent = INDENT + ' '.repeat(label.length);
  const [first = '', ...rest] = wrapped(text, indent);
  return [`${INDENT}${label}${first.trimStart()}`, ...rest];
}
