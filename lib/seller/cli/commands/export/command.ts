import { Option, type Command } from 'commander';
import { collect, type AddCommand } from '../../command.ts';
import { accountMeant } from '../../output/account.ts';
import { exportLedgers, FORMATS, type ExportOptions } from './export.ts';
import { sinceOf } from './selection.ts';

export const addExport: AddCommand = (program, { io, withWatcher }) => {
  program
    .command('export')
    .description('All that was recorded and told, as JSON lines or for a spreadsheet.')
    .addOption(new Option('--format <format>', 'how').choices(FORMATS).default('jsonl'))
    .option('--since <when>', 'what was seen since: 30d, 2027-01-01 (UTC), or an instant')
    .option('--product <id>', 'only this product; again for several', collect)
    .option('--account <account>', 'only this buyer, by AWS account ID or whole name')
    .option('--dry-run', 'say what would be read and what that costs, and stop')
    .option('--json', 'the same as --format jsonl')
    .addHelpText('after', HELP)
    .action((options: ExportOptions & { readonly json?: boolean }, command: Command) => {
      if (options.since !== undefined) sinceOf(options.since, io);
      const format = options.json === true ? 'jsonl' : options.format;
      return withWatcher(command, async (watcher) => {
        const account =
          options.account === undefined
            ? {}
            : { account: await accountMeant(options.account, watcher) };
        return exportLedgers({ ...options, ...account, format }, watcher, io);
      });
    });
};

const HELP = `
Without --since, --product or --account the whole audit table is scanned; what
that reads and costs is said before it begins. All else is queried. Ledgers are
written oldest first; of a scan, and between products, in no order.

jsonl: one line for each thing, told apart by "kind".
  version, reminder  an entry, as it was sealed: without the member "hash" at
                     its end the line is what the hash (SHA-256) is of, byte
                     for byte, and "previousHash" is that of the entry before
  delivery           an entry was told: to whom, when, as which SNS message;
                     textHash is of subject, line feed, text
  unreadable         written by a later version, or meddled with: as it is
An entry by itself, without this program (one line in entry.json):
  $ sed 's/,"hash":"[0-9a-f]*"}$/}/' entry.json | tr -d '\\n' | sha256sum

csv: one row for each entry, for spreadsheets: RFC 4180, UTF-8 with a byte
order mark. The columns:
  contract, account, buyerName, product, productName, entry, observedAt,
  effectiveAt, standing, verdict, end, changes, before, after, reason,
  toldBuyerAt, toldSellerAt, askedSellerAt (to tell a buyer whom our mail did
  not reach), hash, problem (of what cannot be read)
Columns are only added, at the end. Times are UTC. No text can act as a
formula: one that begins with = + - @ has an apostrophe before it, semicolons
are commas. Spreadsheets drop the zeros an account begins with; "contract" has
them. For machines and for proof take jsonl.

Examples:
  $ license-watcher export --dry-run
  $ license-watcher export > everything.jsonl
  $ license-watcher export --format csv --since 30d > month.csv
  $ license-watcher export --account 111122223333 --product scanner`;
