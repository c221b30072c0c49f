import type { Buyer } from '../../../../domain/registration/buyer.ts';
import type { LocalEndpoint } from '../../command.ts';
import type { Io, Watcher } from '../../io.ts';
import { wrapped } from '../../output/text.ts';
import { daysOf, emailsOf, type Given, type Prefilled } from './invitation.ts';
import { prepare } from './package.ts';
import { printPackage } from './print-package.ts';

/** What would happen to the reader of the letter, if it is not what the letter says. */
const BEFORE_SENDING: Readonly<Record<Buyer['status'], string | null>> = {
  invited: null,
  left: 'The buyer had launched the stack and deleted it: with this letter it can be launched again.',
  active:
    'The stack is already launched: this letter changes nothing for the buyer, unless the stack was deleted without our knowing.',
  enrolling:
    'Nobody invited this account; its own stack is enrolling it. What the letter asks for is done, and another stack would be refused. To make it a buyer at once, give "invite" with --name and --product.',
  revoked:
    'The invitation is revoked: do not send this letter, because what it asks for will be refused. Give "invite" with --name and --product for a new one.',
};

const NOT_KEPT =
  'The addresses and reminder days of an invitation are not kept, so the letter leaves them to the buyer: to have them filled in, give --email and --reminder-days again.';

/** Prints the letter whatever the buyer's status, and stores nothing. What was prefilled is known only for a buyer who registered. */
export async function inviteAgain(
  buyer: Buyer,
  { email, reminderDays, out, approval, json }: Given,
  watcher: Watcher,
  local: LocalEndpoint,
  io: Io,
): Promise<void> {
  const { registration, status } = buyer;
  const prefilled: Prefilled = {
    emails: email === undefined ? (registration?.addresses ?? []) : emailsOf(email, '--email'),
    reminderDays:
      reminderDays === undefined
        ? (registration?.reminderDays ?? [])
        : daysOf(reminderDays, '--reminder-days', buyer.productIds, watcher),
  };
  const context = { watcher, local, destination: { folder: out, approval }, io };
  await printPackage({ buyer, prefilled }, await prepare(context), context, json === true);
  const caution = BEFORE_SENDING[status];
  const isLost = status === 'invited' && email === undefined;
  for (const each of [caution, isLost ? NOT_KEPT : null])
    if (each !== null) io.stderr(`\n${wrapped(each).join('\n')}\n`);
}
