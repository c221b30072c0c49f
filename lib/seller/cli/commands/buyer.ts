import type { Command } from 'commander';
import { cleanText, jsonText } from '../../../domain/outside-text.ts';
import { type Buyer, sellersOwn } from '../../../domain/registration/buyer.ts';
import { instant } from '../../../domain/time.ts';
import { OWNER_DIGEST, OWNER_PIPELINE } from '../../../messages/names.ts';
import { type AddCommand, collectWhole } from '../command.ts';
import type { Io, Watcher } from '../io.ts';
import { ACCOUNT_ARGUMENT, resolveBuyer } from '../output/account.ts';
import { fact, shellQuoted } from '../output/text.ts';
import { contactsOf, ownerOf, store } from './invite/invitation.ts';

interface BuyerOptions {
  /** False: --no-owner. */
  readonly owner?: string | false;
  readonly contact?: readonly string[] | false;
  readonly json?: boolean;
}

export const addBuyer: AddCommand = (program, { io, withWatcher }) => {
  program
    .command('buyer')
    .description('Show or change who on your team looks after a buyer, and whom you contact there.')
    .argument('<account>', ACCOUNT_ARGUMENT)
    .option('--owner <name>', 'who on your team looks after the buyer: a name or an address')
    .option('--no-owner', 'remove the owner')
    .option(
      '--contact <who>',
      'whom you contact there, replacing all before; again for several, at most 5',
      collectWhole,
    )
    .option('--no-contact', 'remove all contacts')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Owner and contacts are your own records: "buyers", "contracts" and your digests
show them, but no mail to the buyer and no ledger does. A buyer's lines can be
mailed to its owner alone: the command says how.

Examples:
  $ license-watcher buyer 111122223333
  $ license-watcher buyer "Example Corp" --owner "Ada Moreau" \\
      --contact "Grace Okafor <grace@example.com>" --contact "+1 555 0100"
  $ license-watcher buyer 111122223333 --no-owner`,
    )
    .action((account: string, options: BuyerOptions, command: Command) =>
      withWatcher(command, async (watcher) =>
        buyerOf(await resolveBuyer(account, watcher), options, watcher, io),
      ),
    );
};

async function buyerOf(
  previous: Buyer,
  { owner, contact, json }: BuyerOptions,
  watcher: Watcher,
  io: Io,
): Promise<void> {
  const { owner: ownerBefore, contacts: contactsBefore, ...rest } = previous;
  const own = sellersOwn({
    owner: chosen(owner, ownerBefore, (given) => ownerOf(given, '--owner')),
    contacts: chosen(contact, contactsBefore, (given) => contactsOf(given, '--contact')),
  });
  const isChange = owner !== undefined || contact !== undefined;
  if (isChange) await store(watcher, { ...rest, ...own }, previous, instant(io.now()));
  const { buyerAccountId: account, name } = previous;
  if (json === true) {
    const form = { account, name, owner: own.owner ?? null, contacts: own.contacts ?? [] };
    io.printJson(form);
    return;
  }
  const lines = [
    io.bold(`${account}  ${cleanText(name)}`),
    ...fact('owner', own.owner === undefined ? 'nobody' : cleanText(own.owner)),
    ...fact('contacts', own.contacts?.map((each) => cleanText(each, 200)).join('; ') ?? 'none'),
  ];
  io.print(lines);
  if (own.owner !== undefined)
    io.stderr(
      `\nTo have only the lines of this owner's buyers mailed to an address:\n\n${ownerSubscription(own.owner, watcher)}\n`,
    );
}

/** The AWS CLI command for a subscription to one owner's lines. The filter compares every character of the owner. */
function ownerSubscription(owner: string, { region, sellerTopicArn }: Watcher): string {
  const filter = jsonText({ kind: [OWNER_DIGEST, OWNER_PIPELINE], owner: [owner] });
  return [
    'aws sns subscribe',
    `  --region ${region}`,
    `  --topic-arn ${sellerTopicArn}`,
    '  --protocol email --notification-endpoint <address>',
    `  --attributes ${shellQuoted(jsonText({ FilterPolicy: filter }))}`,
  ].join(' \\\n');
}

/** The given value, else the one before. Undefined: nothing is kept. */
function chosen<Given, Kept>(
  given: Given | false | undefined,
  before: Kept | undefined,
  read: (given: Given) => Kept,
): Kept | undefined {
  if (given === false) return undefined;
  return given === undefined ? before : read(given);
}
