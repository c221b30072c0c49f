import { cleanText } from '../../../../mail/clean-text.ts';
import type { Call, Checked, CheckedContract } from '../../../../messages/asks.ts';
import type { Io } from '../../io.ts';
import { alarming, bold } from '../../output/paint.ts';
import { fact, wrapped } from '../../output/table.ts';
import { spoken } from '../../output/time.ts';
import { recordedWords, toldWords } from './recorded-words.ts';

/** What a call answered stands under its name. */
const UNDER_CALL = ' '.repeat(16);

/** As a person reads it: calls in their order, then what was seen in them and what came of it, contract by contract. */
export function transcript(answer: Checked, io: Io): string[] {
  const { buyerAccountId, buyerName, dryRun, tick, calls, contracts } = answer;
  const day = (calls[0]?.startedAt ?? tick).slice(0, 10);
  const head = `${buyerAccountId} (${cleanText(buyerName)})${dryRun ? ', dry run' : ''}; times are of ${day} UTC`;
  return [
    ...wrapped(head).map((line) => bold(line, io)),
    ...calls.filter(({ productId }) => productId === null).flatMap((call) => callLines(call, io)),
    ...contracts.flatMap((contract) => ['', ...contractLines(contract, answer, io)]),
  ];
}

function contractLines(contract: CheckedContract, { calls, dryRun }: Checked, io: Io): string[] {
  const { productId, productName, saw, sighting, standing, end, verdict, reason, recorded } =
    contract;
  const seen = saw === 'seen';
  const told = toldWords(recorded, dryRun);
  return [
    ...wrapped(`${cleanText(productId)} (${cleanText(productName)})`).map((line) => bold(line, io)),
    ...calls.filter((call) => call.productId === productId).flatMap((call) => callLines(call, io)),
    // Of a look that failed the reason says all that there was to see, and what it counts for.
    ...(seen ? fact('seen', sighting) : fact('not seen', reason).map((line) => alarming(line, io))),
    ...fact(
      seen ? 'standing' : 'last known',
      `${standing}${end === null ? '' : `, until ${spoken(end)}`}`,
    ),
    ...fact('verdict', verdict),
    ...(seen ? fact('reason', reason) : []),
    ...fact(dryRun ? 'would write' : 'recorded', recordedWords(recorded)),
    ...(told === null ? [] : fact(dryRun ? 'would tell' : 'told', told)),
  ];
}

function callLines(
  { service, operation, startedAt, milliseconds, requestId, fact: said, error }: Call,
  io: Io,
): string[] {
  const name = `${service}:${operation}`;
  const time = startedAt.slice(11, 23);
  const line = `  ${time}  ${name.padEnd(42)} ${`${milliseconds} ms`.padStart(9)}  ${error === null ? 'ok' : 'failed'}`;
  if (error === null)
    return [line, ...(said === null ? [] : wrapped(cleanText(said, 500), UNDER_CALL))];
  const words = `${error.name}: ${error.message}${requestId === null ? '' : ` (request ${requestId})`}`;
  return [line, ...wrapped(cleanText(words, 700), UNDER_CALL)].map((each) => alarming(each, io));
}
