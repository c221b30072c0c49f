import { contractOf } from '../../../../domain/license/contract.ts';
import type { DeliveryFact } from '../../../../domain/ports.ts';
import { cleanText } from '../../../../domain/outside-text.ts';
import type { Io } from '../../io.ts';
import { timeText } from '../../output/moment.ts';
import { fact as wideFact, wrapped } from '../../output/text.ts';
import type { CheckedClaim } from './check-claims.ts';
import type { Receipt } from './receipt.ts';

/** A digest has up to a hundred entries, so if there are more than this, those that hold are only counted. */
const MOST_SHOWN = 5;

export function receiptLines(
  { kind, subject, content, why, examined, sent, proved }: Receipt,
  io: Io,
): readonly string[] {
  const holding = examined.filter(({ ledger, chain }) => ledger === 'holds' && chain === 'whole');
  const shown =
    examined.length > MOST_SHOWN ? examined.filter((each) => !holding.includes(each)) : examined;
  return [
    ...wrapped(subject && cleanText(subject, 300)).map(io.bold),
    ...fact('is', KINDS[kind]),
    ...(shown.length < examined.length
      ? fact(
          'entries',
          `${holding.length} of ${examined.length} are in the ledger, with the hash that it names`,
        )
      : []),
    ...shown.flatMap(entryLines),
    ...fact('content', CONTENT[content]),
    ...why.flatMap((each) => fact('', cleanText(each, 600))),
    ...once(sent).flatMap((each) => fact('sent', sentWords(each))),
    '',
    proved ? PROVED[subject === null ? 'message' : 'mail'] : io.alarming(NOT_PROVED[content]),
  ];
}

const KINDS: Readonly<Record<Receipt['kind'], string>> = {
  buyer: 'a notice to a buyer',
  seller: 'a notice to the seller',
  operations: 'a notice to operations',
  test: 'a test',
};

const PROVED = {
  mail: 'Proved: subject and text are ours, and unchanged.',
  message: 'Proved: the message is ours, and unchanged.',
} as const;

const CONTENT: Readonly<Record<Receipt['content'], string>> = {
  unchanged: 'as it was sent',
  'added-to': 'as it was sent, with additions',
  agrees: 'agrees with the ledger',
  different: 'NOT as it was sent',
  unproven: 'not compared',
};

const NOT_PROVED: Readonly<Record<Receipt['content'], string>> = {
  unchanged: 'Not proved: the ledger does not confirm it.',
  'added-to': 'Not proved: it contains what we sent, but not all of it is ours.',
  agrees: 'Not proved: it agrees with the ledger, but nothing shows that it was sent.',
  different: 'Not proved.',
  unproven: 'Not proved: only what is said above can be shown.',
};

function entryLines({ claim, ledger, hash, chain, finding }: CheckedClaim): readonly string[] {
  const { buyerAccountId, productId } = contractOf(claim.contract);
  const numbers =
    claim.from === claim.entry ? `entry ${claim.entry}` : `entries ${claim.from} to ${claim.entry}`;
  return [
    ...fact('entry', `${numbers} of ${buyerAccountId} ${cleanText(productId)}`),
    ...fact('ledger', ledgerWords(ledger, hash, claim.hash)),
    ...fact('chain', chain && chainWords(chain, finding, claim.entry)),
  ];
}

function ledgerWords(ledger: CheckedClaim['ledger'], hash: string | null, claimed: string): string {
  switch (ledger) {
    case 'holds':
      return `has it, with the hash ${hash ?? claimed}`;
    case 'other-hash':
      return `has it with another hash, ${hash ?? 'none'}; here it is ${claimed}. Either this or the ledger was altered, or it is from another deployment`;
    case 'no-entry':
      return 'has no such entry: this was altered, or the ledger was cut off, or it is from another deployment';
    case 'no-ledger':
      return 'there is none for this contract here: check whether another --deployment or --region sent it';
    case 'later-format':
      return 'has it in a form that this version cannot read: use a newer one';
  }
}

function chainWords(
  chain: NonNullable<CheckedClaim['chain']>,
  finding: CheckedClaim['finding'],
  entry: number,
): string {
  if (chain === 'whole')
    return entry === 1 ? 'whole, this is its first entry' : `whole from entry 1 to entry ${entry}`;
  const where = `entry ${finding?.entry ?? entry}: ${cleanText(finding?.problem ?? '', 400)}`;
  return chain === 'broken' ? `BROKEN at ${where}` : `cannot be verified at ${where}`;
}

/** Keeps one fact for each mail, which leaves a fact beside each entry that it tells. */
function once(facts: readonly DeliveryFact[]): readonly DeliveryFact[] {
  return facts.filter(
    (each, at) => facts.findIndex(({ messageId }) => messageId === each.messageId) === at,
  );
}

function sentWords({ at, audience, messageId }: DeliveryFact): string {
  return `${timeText(at)} to the ${audience}’s topic, as SNS message ${cleanText(messageId)}`;
}

/** In a narrow column: the names are short. */
function fact(name: string, value: string | null): string[] {
  return wideFact(name, value, 9);
}
