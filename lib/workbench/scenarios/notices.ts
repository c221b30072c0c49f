import type { Mail } from '../cloud/mailbox.ts';

type Told = Pick<Mail, 'at' | 'to' | 'subject' | 'attributes'>;

/** One line for each e-mail that reached anyone: instant, recipient, names of what it tells, subject. What the checked-in lists hold. */
export function noticeLine({ at, to, subject, attributes }: Told): string {
  return `${new Date(at).toISOString().slice(0, 16)}Z  ${to}  ${namesOf(attributes)}  ${subject}`;
}

/** Of the attribute `change`, by which subscriptions filter. */
function namesOf({ change }: Told['attributes']): string {
  return change === undefined ? '-' : (JSON.parse(change.value) as readonly string[]).join('+');
}

export interface Comparison {
  /** Expected, and told to nobody. */
  readonly missing: readonly string[];
  /** Told, and not expected. */
  readonly unexpected: readonly string[];
}

/** Compares line by line, each as often as it stands there. Lines that begin with `#` and empty ones are remarks. */
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
