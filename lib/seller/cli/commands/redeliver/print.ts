import { contractOf } from '../../../../domain/license/contract.ts';
import { nameOf } from '../../../../domain/simulation/wish.ts';
import { cleanText } from '../../../../mail/clean-text.ts';
import type { Io } from '../../io.ts';
import { bold } from '../../output/paint.ts';
import { wrapped } from '../../output/table.ts';
import { spoken } from '../../output/time.ts';
import type { Emptied } from './dead-letters.ts';
import type { TakenUp } from './undeliverable.ts';

export interface Redelivery {
  readonly dryRun: boolean;
  readonly notices: readonly TakenUp[];
  readonly queues: readonly Emptied[];
}

export function print(redelivery: Redelivery, asJson: boolean, io: Io): void {
  if (asJson) {
    io.stdout(`${JSON.stringify(machineForm(redelivery), undefined, 2)}\n`);
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
      rung: entry?.reminder?.rung ?? null,
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
  'taken-up': 'taken up again: the next sweep sends it, if it is still true',
  possible: 'would be taken up again',
} as const;

function noticeLines(
  { buyer, notice, entry, sellerAsked, outcome }: TakenUp,
  io: Io,
): readonly string[] {
  const { productId } = contractOf(notice.contract);
  const asked =
    sellerAsked === 'due'
      ? ['you are about to be asked to tell the buyer']
      : sellerAsked === null
        ? []
        : [`you were asked on ${spoken(sellerAsked)} to tell the buyer`];
  const facts = [
    `recorded on ${spoken(notice.bornAt)}; given up on ${spoken(notice.notBefore)}: ${cleanText(notice.reason, 300)}`,
    ...asked,
    outcome.kind === 'left' ? `left: ${outcome.why}` : OUTCOMES[outcome.kind],
  ];
  const title = `${buyer.buyerAccountId} (${cleanText(buyer.name)}) ${cleanText(productId)}, entry ${notice.entry}: ${told(entry)}`;
  return [
    ...wrapped(title).map((line) => bold(line, io)),
    ...facts.flatMap((fact) => wrapped(fact, '  ')),
  ];
}

function told(entry: TakenUp['entry']): string {
  if (entry === undefined) return 'an entry that cannot be read';
  const { changes, reminder } = entry;
  const names = [
    ...changes.map(({ type }) => type),
    ...(reminder === null ? [] : [nameOf({ kind: 'reminder', rung: reminder.rung })]),
  ];
  return names.length === 0 ? 'nothing that has a name' : names.join(', ');
}

/** What failed is the last line of the command, and not repeated here. */
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
          'their alarm rings until they are gone; once they are read:',
          `  aws sqs purge-queue --queue-url ${url}`,
        ]
      : [];
  return [
    [
      ...wrapped(`dead letters of ${content}: ${waiting} ${what}`).map((line) => bold(line, io)),
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
    return 'No notice was given up. Nothing is to be done.';
  const verb = dryRun ? 'would be taken up' : 'taken up';
  const letters =
    moved === 0 ? '' : dryRun ? ', dead letters would be moved back' : ', dead letters moved back';
  const again =
    taken === 0 || dryRun
      ? ''
      : ' See again after the next sweep, with --dry-run: what died again is there.';
  return `${taken} of ${notices.length} ${notices.length === 1 ? 'notice' : 'notices'} ${verb}${letters}.${again}`;
}
