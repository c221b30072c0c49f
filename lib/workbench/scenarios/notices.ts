import type { Mail } from '../cloud/mailbox.ts';

type Told = Pick<Mail, 'at' | 'to' | 'subject' | 'attributes'>;

/** The line for an e-mail in the checked-in lists: instant, recipient, names of what it tells, subject. */
export function noticeLine({ at, to, subject, attributes }: Told): string {
  return `${new Date(at).toISOString().slice(0, 16)}Z  ${to}  ${namesOf(attributes)}  ${subject}`;
}

/** The names in the attribute `change`, by which subscriptions filter. */
function namesOf({ change }: Told['attributes']): string {
  return change === undefined ? '-' : (JSON.parse(change.value) as readonly string[]).join('+');
}

export interface Comparison {
  /** Expected but not told. */
  readonly missing: readonly string[];
  /** Told but not expected. */
  readonly unexpected: readonly string[];
}

/** Compares line by line and counts repeated lines. In the list, empty lines and lines that begin with `#` are ignored. */
export function compareNotices(told: readonly string[], list: string): Comparison {
  const expected = list.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#'));
  return { missing: without(expected, told), unexpected: without(told, expected) };
}

function without(lines: readonly string[], others: readonly string[]): string[] {
  const left = [...others];
  return lines.filter((line) => {
    const index = left.indexOf(line);
    if (index >= 0) left.splice(index, 1);
    return index < 0;
  });
}
