import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError, CONTEXT_KEY, readConfig } from '../lib/stacks/settings/settings.ts';
import { readContext } from '../lib/stacks/settings/cdk-json.ts';
import { sampleMails, type SampleMail } from '../lib/workbench/mails/sample-mails.ts';
import { sampleCasesOf } from '../lib/workbench/mails/sample-cases.ts';

// Writes every mail of a year to the folder mails/, with the products, the names and the contacts of the seller's own
// cdk.json: to be read before the first buyer is invited. Nothing is sent; no cloud is needed.
const ROOT = join(import.meta.dirname, '..');
const FOLDER = join(ROOT, 'mails');

const USAGE = `Usage: npm run mails

Writes every mail of a year into the folder mails/, with what cdk.json says.
`;

if (process.argv.length > 2) {
  process.stderr.write(USAGE);
  process.exit(process.argv[2] === '--help' ? 0 : 2);
}

try {
  const context = readContext(join(ROOT, 'cdk.json'));
  const { settings, sellerEmail, operationsEmail } = readConfig(context[CONTEXT_KEY]);
  const cases = settings.products.filter(({ retired }) => !retired).flatMap(sampleCasesOf);
  const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
  const mails = sampleMails(cases, settings.sellerName, sha256);

  mkdirSync(FOLDER, { recursive: true });
  for (const old of readdirSync(FOLDER).filter((name) => /^\d{4}-.*\.txt$/.test(name)))
    rmSync(join(FOLDER, old));
  for (const [index, sample] of mails.entries()) {
    const { at, mail } = sample;
    const to = addressee(sample, { seller: sellerEmail, operations: operationsEmail });
    const text = `To: ${to}\nDate: ${at}\nSubject: ${mail.subject}\n\n${mail.text}\n`;
    writeFileSync(join(FOLDER, fileName(index, sample)), text);
  }
  process.stdout.write(`${mails.length} mails of ${cases.length} contracts in ${FOLDER}\n`);
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

/** `0012-2026-05-04-buyer-borealis-bank-...txt`: in the order in which they are sent. */
function fileName(index: number, { at, to, mail }: SampleMail): string {
  const words = `${to.audience === 'buyer' ? `${to.name} ` : ''}${mail.subject}`
    .normalize('NFD')
    .toLowerCase();
  const slug = words
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 80)
    .replace(/-+$/, '');
  return `${String(index + 1).padStart(4, '0')}-${at.slice(0, 10)}-${to.audience}-${slug}.txt`;
}
