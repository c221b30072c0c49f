import { cleanText } from '../../../../mail/clean-text.ts';
import type { SimulatedAnswer, SimulatedMessage } from '../../../../messages/ask-simulate.ts';
import type { Io } from '../../io.ts';
import { alarming, bold } from '../../output/paint.ts';
import { wrapped } from '../../output/table.ts';
import { spoken } from '../../output/time.ts';

/** What was sent to whom on standard output; on standard error what will reach nobody. */
export function print(answer: SimulatedAnswer, asJson: boolean, io: Io): void {
  if (asJson) io.stdout(`${JSON.stringify(machineForm(answer), undefined, 2)}\n`);
  else io.stdout(`${inWords(answer, io).join('\n')}\n`);
  for (const line of warnings(answer))
    io.stderr(
      `${wrapped(line)
        .map((each) => alarming(each, io))
        .join('\n')}\n`,
    );
}

/** Members are added, never renamed or removed. */
function machineForm(answer: SimulatedAnswer) {
  const { buyerAccountId, buyerName, productId, wish, dryRun, at, messages } = answer;
  return {
    account: buyerAccountId,
    name: buyerName,
    product: productId,
    change: wish,
    dryRun,
    at,
    messages,
  };
}

function inWords(answer: SimulatedAnswer, io: Io): readonly string[] {
  const { buyerAccountId, buyerName, productId, wish, at, messages } = answer;
  const who = `${buyerAccountId} (${cleanText(buyerName)}), ${cleanText(productId)}`;
  return [
    ...wrapped(`[TEST] ${wish} of ${who}, as it would be told on ${spoken(at)}`).map((line) =>
      bold(line, io),
    ),
    ...messages.flatMap((message) => ['', ...messageLines(message, answer)]),
  ];
}

function messageLines(message: SimulatedMessage, { dryRun }: SimulatedAnswer): readonly string[] {
  const { audience, kind, topicArn, mail, messageId, refused, confirmedSubscriptions } = message;
  const outcome =
    messageId ?? (refused === null && dryRun ? 'not sent: a dry run' : 'no: the topic refuses');
  return [
    `to the ${audience}${mail === null ? ', for machines alone' : ''} (kind ${kind})`,
    ...fact('topic', topicArn),
    ...fact('published', outcome),
    ...(confirmedSubscriptions === null
      ? []
      : fact('confirmed', subscriptions(confirmedSubscriptions))),
    ...(mail === null ? [] : fact('subject', mail.subject)),
    ...(mail === null || !dryRun ? [] : ['', ...mail.text.split('\n')]),
  ];
}

function subscriptions(count: number): string {
  return count === 1 ? '1 subscription' : `${count} subscriptions`;
}

function warnings({ messages, dryRun }: SimulatedAnswer): readonly string[] {
  const deaf = messages.filter(({ confirmedSubscriptions }) => confirmedSubscriptions === 0);
  return [...new Map(deaf.map((message) => [message.topicArn, message.audience]))].map(
    ([topicArn, audience]) =>
      `Nobody ${dryRun ? 'would see' : 'sees'} what goes to the ${audience}: ${topicArn} has no confirmed subscription. Somebody must follow the link in the mail "AWS Notification - Subscription Confirmation", or subscribe.`,
  );
}

/** `  name        value`, the value wrapped under itself. */
function fact(name: string, value: string): string[] {
  const indent = ' '.repeat(14);
  return wrapped(value, indent).map((line, at) =>
    at === 0 ? `  ${name.padEnd(12)}${line.trimStart()}` : line,
  );
}
