import type { Command } from 'commander';
import { collect, type AddCommand } from '../../command.ts';
import { accountMeant } from '../../output/account.ts';
import { misuse } from '../../output/failure.ts';
import { inviteList } from './invite-list.ts';
import { invite } from './invite.ts';

/** As commander reads them. */
interface Given {
  readonly name?: string;
  readonly product?: readonly string[];
  readonly email?: string;
  readonly renew?: boolean;
  readonly from?: string;
  readonly out?: string;
  /** False: --no-approval. */
  readonly approval?: string | false;
  readonly json?: boolean;
}

const DEFAULT_FOLDER = 'invitations';

export const addInvite: AddCommand = (program, { io, withWatcher }) => {
  program
    .command('invite')
    .description('Invite buyers: what they launch, and a page for their security teams.')
    .argument('[account]', 'AWS account ID of the buyer; of one who was invited, also the name')
    .option('--name <alias>', 'how you call the buyer')
    .option('--product <id>', 'product to watch, as in cdk.json; again for several', collect)
    .option('--email <address>', 'where the buyer wants the notices')
    .option('--renew', 'make a new ExternalId: links and commands given before become useless')
    .option(
      '--from <file>',
      'invite everybody on a list: CSV with the columns account, name, product, email',
    )
    .option(
      '--out <folder>',
      `write letter, page and template there (with --from: default "${DEFAULT_FOLDER}")`,
    )
    .option('--approval <file>', 'where to write the page for the buyer’s security team')
    .option('--no-approval', 'write no such page')
    .option('--json', 'print JSON; with --from a list')
    .addHelpText(
      'after',
      `
Standard output is the AWS CLI command alone; on a terminal it stands within a
letter that is ready to be sent. To invite again prints the same with what you
changed: the buyer may already have it.

A list may have several products in a field, with ";" or spaces between them.
Each of its lines is checked first; the bad ones are named, the good ones
invited, and the whole file can be given again.

Examples:
  $ license-watcher invite 111122223333 --name "Example Corp" \\
      --product scanner --email it@example.com
  $ license-watcher invite 111122223333 --name "Example Corp" \\
      --product scanner --renew
  $ license-watcher invite --from buyers.csv --out invitations`,
    )
    .action((account: string | undefined, given: Given, command: Command) => {
      if (given.from !== undefined) {
        const {
          from,
          out = DEFAULT_FOLDER,
          approval,
          json = false,
        } = ofList(account, given, given.from);
        const options = { from, out, json, ...(approval === false && { approval }) };
        return withWatcher(command, (watcher, local) => inviteList(options, watcher, local, io));
      }
      const { name, product, ...others } = given;
      if (account === undefined)
        throw misuse("missing required argument 'account': give an account, or a list with --from");
      if (name === undefined) throw misuse("required option '--name <alias>' not specified");
      if (product === undefined) throw misuse("required option '--product <id>' not specified");
      return withWatcher(command, async (watcher, local) =>
        invite(
          await accountMeant(account, watcher),
          { name, product, ...others },
          watcher,
          local,
          io,
        ),
      );
    });
};

function ofList(account: string | undefined, given: Given, from: string) {
  const { name, product, email, renew, approval } = given;
  const single: [string, unknown][] = [
    ['an account', account],
    ['--name', name],
    ['--product', product],
    ['--email', email],
    ['--renew', renew],
    ['--approval <file>', approval === false ? undefined : approval],
  ];
  const clash = single.find(([, value]) => value !== undefined)?.[0];
  if (clash !== undefined)
    throw misuse(`--from and ${clash} exclude each other: the list says whom to invite`);
  return { ...given, from };
}
