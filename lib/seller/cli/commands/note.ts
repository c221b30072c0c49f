import type { Command } from 'commander';
import { LONGEST_NOTE, type NoteKind, type Saying } from '../../../domain/ledger/note.ts';
import { contractOf } from '../../../domain/license/contract.ts';
import { cleanText, isPlain, quoted } from '../../../domain/outside-text.ts';
import { instant, type Instant, plus } from '../../../domain/time.ts';
import { noteAnswer, noteBinding, type NoteRequest } from '../../../messages/requests.ts';
import { answerFrom } from '../answer.ts';
import type { AddCommand } from '../command.ts';
import type { Io, Watcher } from '../io.ts';
import { knownContracts } from '../known-contracts.ts';
import { ACCOUNT_ARGUMENT, resolveAccount } from '../output/account.ts';
import { countOf } from '../output/choices.ts';
import { CommandFailure, misuse } from '../output/failure.ts';
import { dateOf, spanOf, startOf, timeText } from '../output/moment.ts';
import { wrapped } from '../output/text.ts';
import { sha256 } from '../../../aws/text.ts';

interface SayingOptions {
  readonly renewalAgreed?: boolean;
  readonly willNotRenew?: boolean;
  readonly text?: string;
  readonly by?: string;
  readonly json?: boolean;
}

const PRODUCT_ARGUMENT = 'one product of that buyer; needed if there are several';

function withSaying(command: Command): Command {
  return command
    .argument('<account>', ACCOUNT_ARGUMENT)
    .argument('[product]', PRODUCT_ARGUMENT)
    .option('--renewal-agreed', 'say that the renewal is agreed')
    .option('--will-not-renew', 'say that the buyer will not renew')
    .option('--text <text>', `say anything: one line of at most ${LONGEST_NOTE} characters`)
    .option(
      '--by <name>',
      'who says it, if the signature cannot be checked (default: your user name)',
    )
    .option('--json', 'print JSON');
}

const BY_WHOM = `
The watcher has the signature of the command checked, and records the signer's
ARN for ever. The text is stored separately and can be erased:
license-watcher note --erase <n>.`;

export const addNote: AddCommand = (program, { io, withWatcher }) => {
  withSaying(program.command('note').description('Record what you know about a contract.'))
    .option('--erase <entry>', 'erase the text of the note in this ledger entry')
    .addHelpText(
      'after',
      `
History, contracts, report and digest show a note until the next one, or until
another term begins. No buyer sees notes.
${BY_WHOM}

Examples:
  $ license-watcher note 111122223333 --renewal-agreed
  $ license-watcher note 111122223333 scanner --text "PO 4711 is on its way"
  $ license-watcher note 111122223333 scanner --erase 12`,
    )
    .action(
      (
        account: string,
        product: string | undefined,
        options: SayingOptions & { readonly erase?: string },
        command: Command,
      ) => {
        const saying = sayingOf(options);
        const erases = options.erase === undefined ? null : countOf(options.erase, '--erase');
        const isSaid = saying.says !== null || saying.text !== null;
        if ((erases !== null) === isSaid)
          throw misuse(
            isSaid
              ? '--erase takes no new note: leave out the note, or leave out --erase'
              : 'there is nothing to note: give --renewal-agreed, --will-not-renew or --text',
          );
        const order = { account, product, kind: erases === null ? 'note' : 'erase' } as const;
        return withWatcher(command, (watcher) =>
          say({ ...order, ...saying, until: null, erases }, watcher, io),
        );
      },
    );
};

export const addSnooze: AddCommand = (program, { io, withWatcher }) => {
  withSaying(program.command('snooze').description('Silence your reminders of a contract.'))
    .option('--until <when>', 'a day, an instant, or for how long: 2027-02-01, 30d, ...')
    .option('--off', 'end it now')
    .addHelpText(
      'after',
      `
Only your reminders are silenced. You are still told of ends, suspensions and
all other changes, and the buyer is reminded as before. The snooze ends on its
day, or as soon as something changes: a renewal, another end, other units.
Without --until it ends only then.
${BY_WHOM}

Examples:
  $ license-watcher snooze 111122223333 --renewal-agreed
  $ license-watcher snooze 111122223333 scanner --until 2027-02-01
  $ license-watcher snooze 111122223333 scanner --off`,
    )
    .action(
      (
        account: string,
        product: string | undefined,
        options: SayingOptions & { readonly until?: string; readonly off?: boolean },
        command: Command,
      ) => {
        if (options.off === true && options.until !== undefined)
          throw misuse('--off ends it now: leave out --until, or leave out --off');
        const kind = options.off === true ? 'resume' : 'snooze';
        return withWatcher(command, (watcher) => {
          const until = untilOf(options.until, instant(io.now()));
          const order = { account, product, kind, until, erases: null } as const;
          return say({ ...order, ...sayingOf(options) }, watcher, io);
        });
      },
    );
};

export const addDismiss: AddCommand = (program, { io, withWatcher }) => {
  withSaying(program.command('dismiss').description('Take a lapsed contract off your lists.'))
    .option('--off', 'put it back on the lists')
    .addHelpText(
      'after',
      `
For a contract that has ended and will not be renewed. It disappears from
"contracts", the digest and what needs attention in the report, until something
changes: a renewal brings it back. Watch and history go on; "revoke" ends the
watch.
${BY_WHOM}

Examples:
  $ license-watcher dismiss 111122223333 scanner --will-not-renew
  $ license-watcher contracts --dismissed
  $ license-watcher dismiss 111122223333 scanner --off`,
    )
    .action(
      (
        account: string,
        product: string | undefined,
        options: SayingOptions & { readonly off?: boolean },
        command: Command,
      ) => {
        const kind = options.off === true ? 'resume' : 'dismiss';
        const order = { account, product, kind, until: null, erases: null } as const;
        const saying = sayingOf(options);
        return withWatcher(command, (watcher) => say({ ...order, ...saying }, watcher, io));
      },
    );
};

interface Said {
  readonly says: Saying | null;
  readonly text: string | null;
  readonly by: string | undefined;
  readonly json: boolean;
}

function sayingOf({
  renewalAgreed = false,
  willNotRenew = false,
  text = null,
  by,
  json = false,
}: Omit<SayingOptions, 'text'> & { readonly text?: string | null }): Said {
  if (renewalAgreed && willNotRenew)
    throw misuse('--renewal-agreed and --will-not-renew contradict each other: give one of them');
  if (text !== null && !isPlain(text, LONGEST_NOTE))
    throw misuse(
      `--text has ${text.length} characters, ${quoted(text, 60)}; expected one line of 1 to ${LONGEST_NOTE} characters, none of them invisible and no space around them`,
    );
  if (by !== undefined && !isPlain(by, LONGEST_NAME))
    throw misuse(`--by is ${quoted(by)}; expected a name of 1 to ${LONGEST_NAME} characters`);
  const says = renewalAgreed ? 'renewal-agreed' : willNotRenew ? 'will-not-renew' : null;
  return { says, text, by, json };
}

const LONGEST_NAME = 120;

/** Null: until something changes. */
function untilOf(text: string | undefined, now: Instant): Instant | null {
  if (text === undefined) return null;
  const span = spanOf(text);
  const until =
    span === undefined
      ? startOf(dateOf(text, '--until', 'a length of time like 30d or 12w, '), now)
      : plus(now, span);
  if (until > now) return until;
  throw misuse(`--until is ${quoted(text)}, and it is ${timeText(now)}: name a time in the future`);
}

interface Order extends Said {
  readonly account: string;
  readonly product: string | undefined;
  readonly kind: NoteKind;
  readonly until: Instant | null;
  readonly erases: number | null;
}

async function say(order: Order, watcher: Watcher, io: Io): Promise<void> {
  const { kind, says, text, until, erases, by, json } = order;
  const account = await resolveAccount(order.account, watcher);
  const [contract, ...others] = await knownContracts(watcher, {
    account,
    productIds: order.product === undefined ? [] : [order.product],
  });
  if (contract === undefined || others.length > 0)
    throw misuse(
      `${account} has ${[contract, ...others].map((each) => (each === undefined ? 'no product' : contractOf(each).productId)).join(', ')}: name one product`,
    );
  const asked: NoteRequest = {
    ...{ format: 1, request: 'note', buyerAccountId: account },
    productId: contractOf(contract).productId,
    requestId: io.newExternalId(),
    ...{ kind, says, text, until, erases },
    claimedBy: by ?? (cleanText(io.env['USER'] ?? io.env['USERNAME'] ?? '') || 'unknown'),
    signed: null,
  };
  const signed = await watcher.sign(noteBinding(asked, watcher, sha256), io.now());
  const answer = await answerFrom(watcher, 'checks', { ...asked, signed }, noteAnswer);
  if (answer.outcome === 'refused')
    throw answer.problem === 'unknown-product'
      ? misuse(answer.words)
      : new CommandFailure(answer.words);
  const { buyerName, productId, entry, arn, unproven } = answer;
  if (json) {
    const { request: _request, outcome: _outcome, ...form } = answer;
    io.printJson(form);
  } else {
    const who = arn ?? `${cleanText(asked.claimedBy)}, as claimed`;
    const what = `${account} (${cleanText(buyerName)}) ${cleanText(productId)}, entry ${entry}, by ${cleanText(who, 300)}: ${whatFollows(order)}`;
    io.print(wrapped(what));
  }
  if (unproven !== null)
    io.stderr(
      `${wrapped(`The signer could not be checked: ${cleanText(unproven, 400)}`).join('\n')}\n`,
    );
}

function whatFollows({ kind, until, erases }: Order): string {
  switch (kind) {
    case 'note':
      return 'noted.';
    case 'snooze':
      return `you get no reminder of it until ${until === null ? 'something changes' : `${timeText(until)}, or until something changes before then`}. The buyer is reminded as before.`;
    case 'dismiss':
      return 'off your lists until something changes.';
    case 'resume':
      return 'no longer snoozed or dismissed.';
    case 'erase':
      return `the text of entry ${erases ?? ''} is erased. Backups of the table of the last 35 days may hold it, and digests that quoted it.`;
  }
}
