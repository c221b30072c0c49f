import type { Command } from 'commander';
import type { Buyer } from '../../../domain/registration/buyer.ts';
import { instant } from '../../../domain/time.ts';
import type { AddCommand } from '../command.ts';
import type { Io, Watcher } from '../io.ts';
import { openTemplates } from '../open-templates.ts';
import { ACCOUNT_ARGUMENT, resolveBuyer } from '../output/account.ts';
import { explain } from '../output/explain.ts';
import { CommandFailure } from '../output/failure.ts';
import { wrapped } from '../output/text.ts';

export const addRevoke: AddCommand = (program, { io, withWatcher }) => {
  program
    .command('revoke')
    .description('Withdraw an invitation and end the watch.')
    .argument('<account>', ACCOUNT_ARGUMENT)
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nThe history stays in the audit table.\n\nExample:\n  $ license-watcher revoke 111122223333',
    )
    .action((account: string, options: { json?: boolean }, command: Command) => {
      return withWatcher(command, async (watcher) =>
        revoke(await resolveBuyer(account, watcher), options, watcher, io),
      );
    });
};

/** Closes an invitation. The watcher itself ends a running watch, within seconds. */
async function revoke(
  buyer: Buyer,
  options: { json?: boolean },
  watcher: Watcher,
  io: Io,
): Promise<void> {
  const accountId = buyer.buyerAccountId;
  if (
    buyer.status !== 'revoked' &&
    !(await watcher.buyers.put({ ...buyer, status: 'revoked' }, buyer, instant(io.now())))
  ) {
    throw new CommandFailure(
      `the buyer ${accountId} was just changed by somebody else: run the command again`,
    );
  }
  // Asked again if it was revoked before, because the message may have been lost.
  const watched = buyer.registration !== null && buyer.status !== 'left';
  if (watched) await askToEnd(watcher, accountId);
  await closeTemplate(watcher, accountId);
  if (options.json === true) {
    const stackToDelete = watched ? buyer.registration.stackId : null;
    io.printJson({ account: accountId, name: buyer.name, before: buyer.status, stackToDelete });
    return;
  }
  io.stderr(`${linesOf(buyer).join('\n')}\n`);
}

async function askToEnd(watcher: Watcher, accountId: string): Promise<void> {
  try {
    await watcher.endWatch(accountId);
  } catch (cause) {
    throw new CommandFailure(
      `${accountId} is revoked and no longer watched, but the end could not be recorded in the audit table (${String(cause)}): run the command again`,
      1,
      { cause },
    );
  }
}

/** Comes last: the hosted template holds no secret, and the invitation is closed already. */
async function closeTemplate(watcher: Watcher, accountId: string): Promise<void> {
  try {
    await openTemplates(watcher, { revoked: [accountId] });
  } catch (cause) {
    throw new CommandFailure(
      `${accountId} is revoked, but may still read the hosted template, which can no longer register anybody (${explain(cause).message}): run the command again`,
      1,
      { cause },
    );
  }
}

function linesOf({ buyerAccountId, name, status, registration }: Buyer): readonly string[] {
  const who = `${buyerAccountId} (${name})`;
  switch (status) {
    case 'invited':
      return wrapped(`Revoked the invitation of ${who}. Nothing was registered.`);
    case 'enrolling':
      return toDelete(
        `Revoked ${who}, which was enrolling itself and was not watched yet; it cannot enrol any more.`,
        registration,
      );
    case 'left':
      return wrapped(`Revoked the invitation of ${who}, whose stack has left already.`);
    case 'active':
      return toDelete(`Revoked ${who}; its watch ends now, its history stays.`, registration);
    case 'revoked':
      return registration === null
        ? wrapped(`${who} is already revoked: there is nothing to do.`)
        : toDelete(
            `${who} is already revoked; the end of the watch is requested again.`,
            registration,
          );
  }
}

/** A buyer who was registered without a stack has a role and a topic to delete. ARNs are not wrapped, to be copied. */
function toDelete(done: string, registration: Buyer['registration']): readonly string[] {
  const what =
    registration?.stackId === null
      ? [
          ...['The buyer should delete the role', `  ${registration.roleArn}`],
          ...['and the topic', `  ${registration.noticeTopicArn}`],
        ]
      : ['The buyer should delete the stack', `  ${registration?.stackId ?? ''}`];
  return [...wrapped(done), ...what];
}
