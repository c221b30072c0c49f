import type { Command } from 'commander';
import { contractOf } from '../../../../domain/license/contract.ts';
import type { Buyer } from '../../../../domain/registration/buyer.ts';
import { selectionName } from '../../../../domain/simulation/selected-event.ts';
import { instant } from '../../../../domain/time.ts';
import { counted } from '../../../../mail/dates.ts';
import { cleanText } from '../../../../domain/outside-text.ts';
import { inOrder } from '../../../in-order.ts';
import type { AddCommand } from '../../command.ts';
import type { Io, Watcher } from '../../io.ts';
import { resolveBuyer } from '../../output/account.ts';
import { CommandFailure } from '../../output/failure.ts';
import { timeText } from '../../output/moment.ts';
import { wrapped } from '../../output/text.ts';
import { scannedBuyers } from '../../scanned-buyers.ts';
import { deadLettersOf, type Emptied, type TakenUp, takeUpNoticesOf } from './given-up.ts';

export const addRedeliver: AddCommand = (program, { io, withWatcher }) => {
  program
    .command('redeliver')
    .description('Send again the notices that could not be delivered.')
    .argument('[account]', 'AWS account ID or full name of one buyer; the queues are left alone')
    .option('--dry-run', 'list them and change nothing')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
A notice is given up when the buyer's topic is gone or refuses, and a reminder
also when nobody confirmed the subscription in time; you are then asked to tell
the buyer. Once the cause is fixed, this command has the next sweep send them.
Notices that are no longer true by then are not sent, nor a change if the buyer
was told a newer one. What fails again is listed here again, and you are not
asked about it a second time.

Without an account the dead letters of the notices queue are moved back, too.
Those of the other queues are only counted: what they asked for has been done by
now, or must be started again by whoever started it.

Examples:
  $ license-watcher redeliver --dry-run
  $ license-watcher redeliver 111122223333
  $ license-watcher redeliver --json`,
    )
    .action((account: string | undefined, options: RedeliverOptions, command: Command) => {
      return withWatcher(command, async (watcher) => {
        const buyer = account === undefined ? undefined : await resolveBuyer(account, watcher);
        return redeliver(buyer, options, watcher, io);
      });
    });
};

interface RedeliverOptions {
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** Buyers whose notices are read at the same time. */
const AT_ONCE = 10;

/** Makes notices due again. It sends nothing itself: the sweeps send what is due. `only`: takes up this buyer's notices, and no queues. */
async function redeliver(
  only: Buyer | undefined,
  { dryRun = false, json }: RedeliverOptions,
  watcher: Watcher,
  io: Io,
): Promise<void> {
  const now = instant(io.now());
  const buyers = only === undefined ? await withGivenUp(watcher, io) : [only];
  const notices: TakenUp[] = [];
  for await (const each of inOrder(buyers, AT_ONCE, (buyer) =>
    takeUpNoticesOf(buyer, { watcher, dryRun, now }),
  )) {
    notices.push(...each);
    // What was taken up stays taken up, and the next run finds the rest.
    if (io.interrupted.aborted) break;
  }
  const redelivery: Redelivery = {
    dryRun,
    notices: notices.toSorted((a, b) => (a.notice.contract < b.notice.contract ? -1 : 1)),
    queues: only === undefined ? await deadLettersOf(watcher, dryRun) : [],
  };
  print(redelivery, json === true, io);
  const troubles = redelivery.queues.flatMap(({ trouble }) => (trouble === null ? [] : [trouble]));
  if (troubles.length > 0) throw new CommandFailure(troubles.join('; '));
}

/** Buyers whose notices were given up, from one scan: only these have to be asked for what was told since. */
async function withGivenUp(watcher: Watcher, io: Io): Promise<readonly Buyer[]> {
  const all = await scannedBuyers({ notices: 'given-up' }, watcher, io);
  return all.flatMap(({ buyer, notices }) =>
    buyer === undefined || notices.length === 0 ? [] : [buyer],
  );
}

interface Redelivery {
  readonly dryRun: boolean;
  readonly notices: readonly TakenUp[];
  readonly queues: readonly Emptied[];
}

function print(redelivery: Redelivery, asJson: boolean, io: Io): void {
  if (asJson) {
    io.printJson(machineForm(redelivery));
    return;
  }
  const { notices, queues } = redelivery;
  const blocks = [
    ...notices.map((each) => noticeLines(each, io)),
    ...queues.flatMap((each) => queueLines(each, io)),
  ];
  if (blocks.length > 0) io.stdout(`${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`);
  io.stderr(`${wrapped(summary(redelivery)).join('\n')}\n`);
}

/** Members are added, never renamed or removed. */
function machineForm({ dryRun, notices, queues }: Redelivery) {
  return {
    dryRun,
    notices: notices.map(({ buyer, notice, entry, sellerAsked, outcome }) => ({
      account: buyer.buyerAccountId,
      name: buyer.name,
      product: contractOf(notice.contract).productId,
      entry: notice.entry,
      audience: notice.audience,
      changes: entry?.changes.map(({ type }) => type) ?? null,
      daysBefore: entry?.reminder?.daysBefore ?? null,
      severity: notice.severity,
      bornAt: notice.bornAt,
      givenUpAt: notice.notBefore,
      because: notice.reason,
      sellerAsked,
      outcome: outcome.kind,
      why: outcome.why,
    })),
    deadLetters: queues.map(({ queue, outcome, why, trouble }) => ({
      queue: queue?.content ?? null,
      url: queue?.url ?? null,
      messages: queue?.waiting ?? null,
      outcome,
      why,
      trouble,
    })),
  };
}

const OUTCOMES = {
  'taken-up': 'due again: the next sweep sends it, if it is still true',
  possible: 'would be due again',
} as const;

function noticeLines(
  { buyer, notice, entry, sellerAsked, outcome }: TakenUp,
  io: Io,
): readonly string[] {
  const { productId } = contractOf(notice.contract);
  const asked =
    sellerAsked === 'due'
      ? 'you are about to be asked to tell the buyer'
      : sellerAsked && `you were asked on ${timeText(sellerAsked)} to tell the buyer`;
  const facts = [
    `recorded on ${timeText(notice.bornAt)}; given up on ${timeText(notice.notBefore)}: ${cleanText(notice.reason, 300)}`,
    asked,
    outcome.kind === 'left' ? `left: ${outcome.why}` : OUTCOMES[outcome.kind],
  ];
  const title = `${buyer.buyerAccountId} (${cleanText(buyer.name)}) ${cleanText(productId)}, entry ${notice.entry}: ${told(entry)}`;
  return [...wrapped(title).map(io.bold), ...facts.flatMap((fact) => wrapped(fact, '  '))];
}

function told(entry: TakenUp['entry']): string {
  if (entry === undefined) return 'an entry that cannot be read';
  const { changes, reminder } = entry;
  const names: string[] = changes.map(({ type }) => type);
  if (reminder !== null) {
    const kind = reminder.decideBy === undefined ? 'reminder' : 'decision';
    names.push(selectionName({ kind, daysBefore: reminder.daysBefore }));
  }
  return names.length === 0 ? 'nothing that has a name' : names.join(', ');
}

/** Leaves out what failed, which is the last line of the command. */
function queueLines({ queue, outcome, why }: Emptied, io: Io): readonly (readonly string[])[] {
  if (queue === null || outcome === 'failed') return [];
  const { content, waiting, url } = queue;
  const what = {
    moved: 'moved back',
    possible: 'would be moved back',
    left: 'left',
  }[outcome];
  const drop =
    outcome === 'left'
      ? [
          'their alarm stays on until they are gone; once you have read them:',
          `  aws sqs purge-queue --queue-url ${url}`,
        ]
      : [];
  return [
    [
      ...wrapped(`dead letters of ${content}: ${waiting} ${what}`).map(io.bold),
      ...wrapped(why, '  '),
      ...drop.map((line) => `  ${line}`),
    ],
  ];
}

function summary({ dryRun, notices, queues }: Redelivery): string {
  const taken = notices.filter(({ outcome }) => outcome.kind !== 'left').length;
  const moved = queues.filter(
    ({ outcome }) => outcome === 'moved' || outcome === 'possible',
  ).length;
  if (notices.length === 0 && queues.length === 0)
    return 'No notice was given up: there is nothing to do.';
  const verb = dryRun ? 'would be sent again' : 'will be sent again';
  const letters =
    moved === 0 ? '' : dryRun ? ', dead letters would be moved back' : ', dead letters moved back';
  const again =
    taken === 0 || dryRun
      ? ''
      : ' Run this again after the next sweep with --dry-run to see what failed again.';
  return `${taken} of ${counted(notices.length, 'notice')} ${verb}${letters}.${again}`;
}
