import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ConfigError } from '../lib/stacks/settings/settings.ts';
import { readContext } from '../lib/stacks/settings/cdk-json.ts';
import { LicenseWatcherApp } from '../lib/stacks/license-watcher-app.ts';
import { buyerTemplate } from '../lib/stacks/buyer/buyer-template.ts';
import { quoted } from '../lib/domain/outside-text.ts';

// The CDK command line passes cdk.json's context in CDK_CONTEXT_JSON, which wins. Without it, we read cdk.json ourselves.
const CDK_JSON = join(import.meta.dirname, '..', 'cdk.json');

try {
  const context = readContext(CDK_JSON);
  const { values } = parseArgs({
    options: { 'buyer-template': { type: 'boolean' }, 'seller-account': { type: 'string' } },
  });
  if (values['buyer-template'] === true)
    process.stdout.write(buyerTemplate(context, accountOf(values['seller-account'])));
  else new LicenseWatcherApp({ context, accountId: process.env['CDK_DEFAULT_ACCOUNT'] }).synth();
} catch (error) {
  if (!(error instanceof ConfigError) && !isMisuse(error)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = isMisuse(error) ? 2 : 1;
}

/** True for an unknown option or argument. */
function isMisuse(error: unknown): error is Error {
  return (
    error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')
  );
}

function accountOf(given: unknown): string | undefined {
  if (given === undefined) return undefined;
  if (typeof given === 'string' && /^\d{4}(-?)\d{4}\1\d{4}$/.test(given))
    return given.replaceAll('-', '');
  process.stderr.write(
    `--seller-account is ${quoted(given)}; allowed: the 12 digits of the account in which the watcher runs.\n`,
  );
  process.exit(2);
}
