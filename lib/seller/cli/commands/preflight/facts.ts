import type { Head } from '../../../../domain/check/head.ts';
import { cleanText, quoted } from '../../../../domain/outside-text.ts';
import type { Finding } from '../doctor/finding.ts';

type PreflightArea = 'settings' | 'agreements' | 'entitlements' | 'grant' | 'probe';
export type PreflightFinding = Finding<PreflightArea>;

/** One buyer's contract with the product, as the watcher saw it last. */
export interface SeenContract {
  /** `111122223333 (Example Corp)`, cleaned. */
  readonly who: string;
  readonly head: Pick<Head, 'state' | 'lastProbe' | 'needed'>;
}

/** At most this many buyers or names are given as examples. */
const NAMED = 3;

/** `a, b, c and 4 more` */
export function some(names: readonly string[]): string {
  const more = names.length - NAMED;
  return `${names.slice(0, NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** A name from outside, cleaned and quoted. */
export function nameOf(name: string): string {
  return quoted(cleanText(name, 80));
}
