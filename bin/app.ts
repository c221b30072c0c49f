import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ConfigError } from '../lib/config.ts';
import { LicenseWatcherApp } from '../lib/constructs/license-watcher-app.ts';
import { buyerTemplate } from '../lib/constructs/buyer-template.ts';

// The CDK command line hands cdk.json's context over in CDK_CONTEXT_JSON, which wins; run alone, we read it ourselves.
const CDK_JSON = join(import.meta.dirname, '..', 'cdk.json');

try {
  const { context } = JSON.parse(readFileSync(CDK_JSON, 'utf8')) as { context: Record<string, unknown> };
  const { values } = parseArgs({
    strict: false,
    options: { 'buyer-template': { type: 'boolean' }, 'seller-account': { type: 'string' } },
  });
  if (values['buyer-template'] === true)
    process.stdout.write(buyerTemplate(context, accountOf(values['seller-account'])));
  else new LicenseWatcherApp({ context, accountId: process.env['CDK_DEFAULT_ACCOUNT'] }).synth();
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

function accountOf(given: unknown): string | undefined {
  if (given === undefined || (typeof given === 'string' && /^\d{12}$/.test(given))) return given;
  process.stderr.write(
    `--seller-account is ${JSON.stringify(given)}; allowed: the 12 digits of the account in which the watcher runs.\n`,
  );
  process.exit(2);
}
