import type { SealedEntry } from '../domain/ledger/ledger.ts';
import { MARKETPLACE_USAGE } from '../domain/license/licenses.ts';
import { cleanText } from './clean-text.ts';

/** Why the entry exists, in the ledger's words, where there are no better ones. What was never bought has no line in a mail. */
export function reasonWords({ reason }: Pick<SealedEntry, 'reason'>, longest = 300): string {
  const words = cleanText(reason.replaceAll(MARKETPLACE_USAGE, 'the agreement'), longest);
  return words.endsWith('.') ? words : `${words}.`;
}
