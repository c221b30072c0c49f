import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError, CONTEXT_KEY, readConfig } from '../lib/stacks/settings/settings.ts';
import { readContext } from '../lib/stacks/settings/cdk-json.ts';
import { mailsPage } from '../lib/workbench/mails/mails-page.ts';
import {
  oneOfEachKind,
  otherMails,
  sampleMails,
  type SampleMail,
} from '../lib/workbench/mails/sample-mails.ts';
import { sampleCasesOf } from '../lib/workbench/mails/sample-cases.ts';
import { sha256 } from '../lib/aws/text.ts';
import { instant } from '../lib/domain/time.ts';

// Writes one mail of each kind that a year brings to mails/index.html, with the products, names and contacts of the seller's own cdk.json,
// to be read before the first buyer is invited. Nothing is sent, and no cloud is needed.
const ROOT = join(import.meta.dirname, '..');
const FOLDER = join(ROOT, 'mails');

const USAGE = `Usage: npm run mails

Writes one of each kind of mail into mails/index.html, with what cdk.json says.
`;

if (process.argv.length > 2) {
  process.stderr.write(USAGE);
  process.exit(process.argv[2] === '--help' ? 0 : 2);
}

try {
  const context = readContext(join(ROOT, 'cdk.json'));
  const { settings, sellerEmail, operationsEmail } = readConfig(context[CONTEXT_KEY]);
  const cases = settings.products.filter(({ retired }) => !retired).flatMap(sampleCasesOf);
  const mails = sampleMails(cases, settings.sellerName, sha256);

  const others = otherMails(cases, sha256, mails.at(0)?.at ?? instant(0));
  const kinds = oneOfEachKind([...mails, ...others]);
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  const page = mailsPage(kinds, (sample) =>
    addressee(sample, { seller: sellerEmail, operations: operationsEmail }),
  );
  writeFileSync(join(FOLDER, 'index.html'), page);
  process.stdout.write(
    `${kinds.length} kinds, of ${mails.length} mails of ${cases.length} contracts, in ${join(FOLDER, 'index.html')}\n`,
  );
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

function addressee(
  { to }: SampleMail,
  emails: { seller: string | null; operations: string | null },
): string {
  if (to.audience === 'buyer') return `${to.name}, the address of its stack`;
  return emails[to.audience] ?? `nobody yet: ${to.audience}Email is not set in cdk.json`;
}
