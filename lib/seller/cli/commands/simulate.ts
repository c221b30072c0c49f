import { type Command, Option } from 'commander';
import { CHANGE_TYPES } from '../../../domain/check/changes.ts';
import type { Buyer } from '../../../domain/registration/buyer.ts';
import { parseSelection, selectionName } from '../../../domain/simulation/selected-event.ts';
import { cleanText, quoted } from '../../../domain/outside-text.ts';
import { counted } from '../../../mail/dates.ts';
import {
  simulateAnswer,
  type SimulateRequest,
  type SimulatedAnswer,
  type SimulatedMessage,
  type SimulationRefused,
} from '../../../messages/simulation-request.ts';
import { answerFrom } from '../answer.ts';
import type { AddCommand } from '../command.ts';
import type { Io, Watcher } from '../io.ts';
import { ACCOUNT_ARGUMENT, resolveBuyer } from '../output/account.ts';
import { CommandFailure, misuse } from '../output/failure.ts';
import { timeText } from '../output/moment.ts';
import { fact, wrapped } from '../output/text.ts';

export const addSimulate: AddCommand = (program, { io, withWatcher }) => {
  program
    .command('simulate')
    .description('Send a notice, marked [TEST], about something that did not happen.')
    .argument('<change>', 'LicenseRenewed, ...; reminder-30: 30 days before the end')
    .argument('<account>', ACCOUNT_ARGUMENT)
    .option('--product <id>', 'which of the buyer’s watched products')
    .addOption(
      new Option('--to <whom>', 'whose topic: name the buyer explicitly, as it is a customer')
        .choices(['seller', 'buyer', 'both'])
        .default('seller'),
    )
    .option('--dry-run', 'print the mails and send nothing')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
The notice is sent like a real one, by the same function to the same topics and,
if it is for the seller, to the event bus. It describes the contract as it would
be after the change. Subject and text begin with [TEST], and the JSON and the
message attributes say "test". A subscription with the filter
{"test": [{"exists": false}]}, or a rule with it for "detail", gets no tests.
Nothing is recorded: no ledger entry, no notice, no number, no hash.

A reminder is named by its day: reminder-30, reminder-7; reminder+1 is the one
for the day after the end. A change that cannot happen to the contract is
refused, and the possible ones are listed.

Examples:
  $ license-watcher simulate LicenseRenewed 111122223333
  $ license-watcher simulate reminder-30 111122223333 --to buyer --dry-run
  $ license-watcher simulate LicenseExpired 111122223333 --product scanner \\
      --to both --json`,
    )
    .action((change: string, account: string, options: SimulateOptions, command: Command) => {
      const name = namedChange(change);
      return withWatcher(command, async (watcher) =>
        simulate(name, await resolveBuyer(account, watcher), options, watcher, io),
      );
    });
};

interface SimulateOptions {
  readonly product?: string;
  readonly to: 'seller' | 'buyer' | 'both';
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** Has the function that sends real notices send a test, because only its role may publish to a buyer's topic. */
async function simulate(
  change: string,
  buyer: Buyer,
  { product, to, dryRun = false, json }: SimulateOptions,
  watcher: Watcher,
  io: Io,
): Promise<void> {
  const request: SimulateRequest = {
    format: 1,
    request: 'simulate',
    buyerAccountId: buyer.buyerAccountId,
    productId: productOf(buyer, product),
    selection: change,
    to: to === 'both' ? ['buyer', 'seller'] : [to],
    dryRun,
  };
  const answer = await answerFrom(watcher, 'notices', request, simulateAnswer);
  if (answer.outcome === 'refused') throw refused(answer);
  print(answer, json === true, io);
  const refusing = answer.messages
    .filter((message) => message.refused !== null)
    .map((each) => `the topic ${each.topicArn} refuses: ${each.refused ?? ''}`);
  const ofBus = answer.event?.refused ?? null;
  if (ofBus !== null) refusing.push(`the event bus refuses: ${ofBus}`);
  if (refusing.length === 0) return;
  throw new CommandFailure(
    `${[...new Set(refusing)].join('; ')}. Real notices do not arrive either: see docs/runbook.md`,
  );
}

function productOf(
  { buyerAccountId: account, productIds }: Buyer,
  wanted: string | undefined,
): string {
  const choice = productIds.join(', ');
  if (wanted !== undefined && !productIds.includes(wanted)) {
    throw misuse(`--product is ${quoted(wanted)}; watched for ${account}: ${choice}`);
  }
  const [only, ...more] = wanted === undefined ? productIds : [wanted];
  if (only !== undefined && more.length === 0) return only;
  throw misuse(`several products are watched for ${account}: give --product with one of ${choice}`);
}

const REMEDIES: Readonly<Record<SimulationRefused['problem'], string>> = {
  'not-invited': 'invite the buyer: see "license-watcher invite --help"',
  'not-registered': 'nobody can be told before the stack is launched',
  left: 'the topic is gone: see "license-watcher invite --help" to have the stack launched again',
  revoked:
    'the buyer is no longer told anything: see "license-watcher invite --help" to invite it again',
  'unknown-product': 'see "license-watcher buyers <account>", and "retired" in cdk.json',
  'not-seen':
    'the first look follows minutes after the registration; see "license-watcher buyers <account>"',
  'unknown-selection': 'see "license-watcher simulate --help"',
  impossible: 'see "license-watcher buyers <account>" for the state of the contract',
};

function refused({ buyerAccountId, problem, words, possible }: SimulationRefused): CommandFailure {
  const lines =
    possible.length === 0
      ? []
      : ['Possible for this contract and these readers:', ...listed(possible)];
  return new CommandFailure(
    [`${buyerAccountId}: ${words}; ${REMEDIES[problem]}`, ...lines].join('\n'),
  );
}

/** The change or reminder that a person named, in our spelling. */
function namedChange(text: string): string {
  const selection = parseSelection(text);
  if (selection !== undefined) return selectionName(selection);
  throw misuse(
    [
      `there is no ${quoted(text)}; allowed are`,
      '  reminder-30, a reminder 30 days before the end, or another of your days,',
      '  reminder+1, the one a day after it,',
      ...listed(CHANGE_TYPES),
    ].join('\n'),
  );
}

/** Names in lines of at most 80 columns. */
function listed(names: readonly string[]): readonly string[] {
  return wrapped(names.join(', '), '  ');
}

/** Prints to standard output what was sent to whom, and to standard error the topics that nobody is subscribed to. */
function print(answer: SimulatedAnswer, asJson: boolean, io: Io): void {
  if (asJson) io.printJson(machineForm(answer));
  else io.print(inWords(answer, io));
  for (const line of warnings(answer)) io.stderr(`${wrapped(line).map(io.alarming).join('\n')}\n`);
}

/** Members are added, never renamed or removed. */
function machineForm(answer: SimulatedAnswer) {
  const { buyerAccountId, buyerName, productId, selection, dryRun, at, messages, event } = answer;
  return {
    account: buyerAccountId,
    name: buyerName,
    product: productId,
    change: selection,
    dryRun,
    at,
    messages,
    event,
  };
}

function inWords(answer: SimulatedAnswer, io: Io): readonly string[] {
  const { buyerAccountId, buyerName, productId, selection, at, messages } = answer;
  const who = `${buyerAccountId} (${cleanText(buyerName)}), ${cleanText(productId)}`;
  return [
    ...wrapped(`[TEST] ${selection} of ${who}, as it would be told on ${timeText(at)}`).map(
      io.bold,
    ),
    ...messages.flatMap((message) => ['', ...messageLines(message, answer)]),
    ...eventLines(answer),
  ];
}

function eventLines({ event, dryRun }: SimulatedAnswer): readonly string[] {
  if (event === null) return [];
  const outcome = event.eventId ?? (dryRun ? 'not put: a dry run' : 'no: the bus refuses');
  return ['', `to the event bus (detail-type ${event.detailType})`, ...fact('put', outcome)];
}

function messageLines(message: SimulatedMessage, { dryRun }: SimulatedAnswer): readonly string[] {
  const { audience, kind, topicArn, mail, messageId, refused, confirmedSubscriptions } = message;
  const outcome =
    messageId ?? (refused === null && dryRun ? 'not sent: a dry run' : 'no: the topic refuses');
  return [
    `to the ${audience}${mail === null ? ', for machines only' : ''} (kind ${kind})`,
    ...fact('topic', topicArn),
    ...fact('published', outcome),
    ...fact(
      'confirmed',
      confirmedSubscriptions === null ? null : counted(confirmedSubscriptions, 'subscription'),
    ),
    ...fact('subject', mail?.subject ?? null),
    ...(mail === null || !dryRun ? [] : ['', ...mail.text.split('\n')]),
  ];
}

function warnings({ messages, dryRun }: SimulatedAnswer): readonly string[] {
  const deaf = messages.filter(({ confirmedSubscriptions }) => confirmedSubscriptions === 0);
  return [...new Map(deaf.map((message) => [message.topicArn, message.audience]))].map(
    ([topicArn, audience]) =>
      `Nobody ${dryRun ? 'would see' : 'sees'} what is sent to the ${audience}: ${topicArn} has no confirmed subscription. Somebody must follow the link in the mail "AWS Notification - Subscription Confirmation", or subscribe.`,
  );
}
