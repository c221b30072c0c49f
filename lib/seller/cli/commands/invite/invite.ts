import type { Command } from 'commander';
import type { Buyer } from '../../../../domain/registration/buyer.ts';
import { type AddCommand, collect, collectWhole, type LocalEndpoint } from '../../command.ts';
import { instant } from '../../../../domain/time.ts';
import type { Io, Watcher } from '../../io.ts';
import { actingAs } from '../../as-buyer.ts';
import { resolveAccount, resolveBuyer } from '../../output/account.ts';
import { misuse } from '../../output/failure.ts';
import { wrapped } from '../../output/text.ts';
import { machineForm, prepare } from './package.ts';
import {
  accountOfBuyer,
  contactsOf,
  daysOf,
  emailsOf,
  type Given,
  invited,
  type Invitee,
  leftToTheBuyer,
  nameOf,
  ownerOf,
  productsOf,
  store,
  warnOfProductCodes,
} from './invitation.ts';
import { inviteList } from './invite-list.ts';
import { inviteAgain } from './again.ts';
import { launchOf } from './launch.ts';
import { printPackage } from './print-package.ts';

const DEFAULT_FOLDER = 'invitations';

export const addInvite: AddCommand = (program, { io, withWatcher }) => {
  program
    .command('invite')
    .description('Invite buyers: make what they launch, and a page for their security teams.')
    .argument('[account]', 'AWS account ID of the buyer; if already invited, also the name')
    .option('--name <alias>', 'your name for the buyer')
    .option('--product <id>', 'product to watch, as in cdk.json; again for several', collect)
    .option(
      '--email <address>',
      'where the buyer wants the notices; again for several, at most 5',
      collect,
    )
    .option(
      '--reminder-days <days>',
      'the buyer’s choice of reminder days, like 60,30,7; default: all',
      collect,
    )
    .option('--owner <name>', 'who on your team looks after the buyer; only you see it')
    .option(
      '--contact <who>',
      'whom you contact there; again for several, at most 5; only you see it',
      collectWhole,
    )
    .option('--renew', 'make a new ExternalId: earlier links and commands stop working')
    .option('--again', 'write the letter of an earlier invitation again, changing nothing')
    .option('--as-buyer [profile]', 'also launch the stack, in an account of your own')
    .option(
      '--from <file>',
      'invite everybody on a list: CSV with the columns account, name, product, email, reminder-days, owner, contact',
    )
    .option(
      '--out <folder>',
      `write letter, page and template there (default with --from: "${DEFAULT_FOLDER}")`,
    )
    .option('--approval <file>', 'where to write the page for the buyer’s security team')
    .option('--no-approval', 'do not write that page')
    .option('--json', 'print JSON; with --from a list')
    .addHelpText(
      'after',
      `
Standard output is only the AWS CLI command; on a terminal it is part of a
letter ready to send, and --out writes that as text and as HTML. Inviting again
prints the same with your changes: the buyer may already have it.

A list may have several products, addresses or days in a field, separated by ";"
or spaces; contacts by ";" or "|". "buyers --csv" writes such a list. If owner
and contacts are not given, they stay as they are. Each line is checked first:
bad lines are reported, the others invited, and the whole file can be given
again.

Examples:
  $ license-watcher invite 111122223333 --name "Example Corp" \\
      --product scanner --email it@example.com
  $ license-watcher invite 111122223333 --name "Example Corp" \\
      --product scanner --email it@example.com --email cfo@example.com \\
      --reminder-days 60,30,7
  $ license-watcher invite 111122223333 --name "Example Corp" \\
      --product scanner --renew
  $ license-watcher invite 111122223333 --again --out example
  $ license-watcher invite 111122223333 --name Me --product scanner-test \\
      --email me@example.com --as-buyer sandbox
  $ license-watcher invite --from buyers.csv --out invitations`,
    )
    .action((account: string | undefined, given: Given, command: Command) => {
      const { from, again = false, name, product } = given;
      if (from !== undefined) {
        refuseBesideFrom(account, given);
        const { out = DEFAULT_FOLDER, approval, json = false } = given;
        const options = { from, out, json, ...(approval === false && { approval }) };
        return withWatcher(command, (watcher, local) => inviteList(options, watcher, local, io));
      }
      if (account === undefined)
        throw misuse(
          `missing required argument 'account': ${again ? '--again is of one buyer' : 'give an account, or a list with --from'}`,
        );
      if (again) {
        refuseBesideAgain(given);
        return withWatcher(command, async (watcher, local) =>
          inviteAgain(await resolveBuyer(account, watcher), given, watcher, local, io),
        );
      }
      if (name === undefined) throw misuse("required option '--name <alias>' not specified");
      if (product === undefined) throw misuse("required option '--product <id>' not specified");
      const options = { ...given, name, product };
      return withWatcher(command, async (watcher, local) =>
        invite(await resolveAccount(account, watcher), options, watcher, local, io),
      );
    });
};

function refuseBesideFrom(account: string | undefined, given: Given): void {
  refuseBeside('--from', 'the list says whom to invite', {
    'an account': account,
    '--name': given.name,
    '--product': given.product,
    '--email': given.email,
    '--reminder-days': given.reminderDays,
    '--owner': given.owner,
    '--contact': given.contact,
    '--renew': given.renew,
    '--again': given.again,
    '--as-buyer': given.asBuyer,
    '--approval <file>': given.approval === false ? undefined : given.approval,
  });
}

function refuseBesideAgain(given: Given): void {
  refuseBeside('--again', '--again changes nothing', {
    '--name': given.name,
    '--product': given.product,
    '--owner': given.owner,
    '--contact': given.contact,
    '--renew': given.renew,
    '--as-buyer': given.asBuyer,
  });
}

function refuseBeside(
  option: string,
  why: string,
  others: Readonly<Record<string, unknown>>,
): void {
  const clash = Object.entries(others).find(([, value]) => value !== undefined)?.[0];
  if (clash !== undefined) throw misuse(`${option} and ${clash} exclude each other: ${why}`);
}

type InviteOptions = Given & { readonly name: string; readonly product: readonly string[] };

/** Stores the invitation of one buyer, and prints what to send to the buyer. */
async function invite(
  accountId: string,
  options: InviteOptions,
  watcher: Watcher,
  local: LocalEndpoint,
  io: Io,
): Promise<void> {
  const invitee = inviteeOf(accountId, options, watcher);
  warnOfProductCodes(invitee.productIds, watcher, io);
  const previous = await watcher.buyers.find(invitee.accountId);
  const buyer = invited(previous, invitee, options.renew ?? false, io);
  if (buyer.status === 'active') {
    await store(watcher, buyer, previous, instant(io.now()));
    printActive(buyer, invitee, options, io);
    return;
  }
  const context = {
    watcher,
    local,
    destination: { folder: options.out, approval: options.approval },
    io,
  };
  const account =
    options.asBuyer === undefined
      ? undefined
      : await actingAs(buyer.buyerAccountId, options.asBuyer, watcher, local);
  const preparation = await prepare(context);
  await store(watcher, buyer, previous, instant(io.now()));
  await printPackage({ buyer, prefilled: invitee }, preparation, context, options.json === true);
  if (account === undefined) return;
  const launch = launchOf({ watcher, buyer, prefilled: invitee, local, templateUrl: null });
  await account.launch({ ...launch, template: preparation.template.text });
  io.stderr(
    `\nThe stack ${launch.stackName} is being made in ${buyer.buyerAccountId}. To see whether it is done: license-watcher buyers ${buyer.buyerAccountId}\n`,
  );
}

function inviteeOf(
  accountId: string,
  { name, product, email = [], reminderDays = [], owner, contact }: InviteOptions,
  watcher: Watcher,
): Invitee {
  const productIds = productsOf(product, watcher.productIds, '--product');
  return {
    accountId: accountOfBuyer(accountId, watcher),
    name: nameOf(name, '--name'),
    productIds,
    emails: emailsOf(email, '--email'),
    reminderDays: daysOf(reminderDays, '--reminder-days', productIds, watcher),
    ...(owner !== undefined && { owner: ownerOf(owner, '--owner') }),
    ...(contact !== undefined && { contacts: contactsOf(contact, '--contact') }),
  };
}

function printActive(buyer: Buyer, invitee: Invitee, { json }: InviteOptions, io: Io): void {
  const { buyerAccountId, name, productIds } = buyer;
  const unused = leftToTheBuyer(buyer, invitee);
  if (unused !== null) io.stderr(`${wrapped(unused).join('\n')}\n`);
  if (json === true) {
    io.printJson(machineForm(buyer, undefined, null));
    return;
  }
  const registered = `${buyerAccountId} (${name}) is registered already; it is watched for ${productIds.join(', ')}.`;
  io.stderr(
    `${wrapped(registered).join('\n')}\nThere is no stack to launch. Its state: license-watcher buyers ${buyerAccountId}\nTo print the letter again: license-watcher invite ${buyerAccountId} --again\n`,
  );
}
