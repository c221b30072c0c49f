import type { Io } from '../../io.ts';
import { CommandFailure } from '../../output/failure.ts';
import { wrapped } from '../../output/text.ts';
import type { Finding } from './finding.ts';

type Level = Finding<string>['level'];

const MARKS: Readonly<Record<Level, string>> = {
  ok: 'ok',
  warning: 'warning',
  failure: 'FAILURE',
};
const INDENT = ' '.repeat(11);

/** `  FAILURE  what`, and under it what is known and what to do. */
export function findingLines(
  { level, what, detail, remedy, runbook }: Finding<string>,
  io: Io,
): readonly string[] {
  const [first = '', ...rest] = wrapped(what, INDENT);
  const head = `  ${MARKS[level].padEnd(INDENT.length - 2)}${first.trimStart()}`;
  return [
    ...[head, ...rest].map((line) => (level === 'failure' ? io.alarming(line) : line)),
    ...wrapped(detail, INDENT),
    ...(remedy === null ? [] : hanging('Remedy: ', remedy)),
    ...(runbook === null ? [] : [`${INDENT}See docs/runbook.md#${runbook}`]),
  ];
}

/** Wraps text under its own beginning, after a label. */
function hanging(label: string, text: string): readonly string[] {
  const indent = INDENT + ' '.repeat(label.length);
  const [first = '', ...rest] = wrapped(text, indent);
  return [`${INDENT}${label}${first.trimStart()}`, ...rest];
}

/** Prints how many failures and warnings there are, as the command's last words. Fails if there is a failure. */
export function sum(findings: readonly Finding<string>[], io: Io): void {
  const count = (level: Level, word: string): string => {
    const number = findings.filter((each) => each.level === level).length;
    return `${number === 0 ? 'no' : number} ${word}${number === 1 ? '' : 's'}`;
  };
  const said = `${count('failure', 'failure')}, ${count('warning', 'warning')}`;
  if (findings.some(({ level }) => level === 'failure')) throw new CommandFailure(said);
  io.stderr(`${said}.\n`);
}
