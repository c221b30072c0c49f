import { CloudAssembly } from 'aws-cdk-lib/cx-api';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../lib/stacks/settings/settings.ts';
import { runApp } from '../support/run-app.ts';
import { productContext, settingsContext } from '../support/settings-context.ts';

const ROOT = join(import.meta.dirname, '..', '..');

describe('bin/app.ts', () => {
  it('writes both templates without credentials; a bare deploy sees the watcher alone', () => {
    const { status, stdout, stderr, outdir } = runApp({
      'license-watcher': settingsContext({ deployment: 'story' }),
      // The bundles are those of every other synthesis.
      'aws:cdk:bundling-stacks': [],
    });
    expect({ status, stdout }, stderr).toStrictEqual({ status: 0, stdout: '' });
    expect(stderr).not.toMatch(/\b(error|warning)\b/i);
    const assembly = new CloudAssembly(outdir);
    const seen = assembly.stacks.map(({ stackName, environment }) => [
      stackName,
      environment.account,
      environment.region,
    ]);
    expect(seen).toStrictEqual([['LicenseWatcher-story', 'unknown-account', 'us-east-1']]);
    expect(assembly.stacksRecursively.map(({ stackName }) => stackName).sort()).toStrictEqual([
      'LicenseWatcher-story',
      'LicenseWatcherBuyer',
    ]);
  });

  it('prints the buyers’ template and nothing else, and takes a seller’s account with dashes', () => {
    const { status, stdout, stderr, outdir } = runApp(
      { 'license-watcher': settingsContext() },
      '--buyer-template',
      '--seller-account',
      '1111-2222-3333',
    );
    expect({ status, stderr }).toStrictEqual({ status: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({
      Resources: { ReadingRole: {} },
      Parameters: { WatcherAccountId: { Default: '111122223333' } },
    });
    expect(readdirSync(outdir)).toStrictEqual([]);
  });

  it('says what is wrong with the settings, to people', () => {
    const products = [productContext({ tiers: 'A' })];
    const { status, stdout, stderr } = runApp({
      'license-watcher': settingsContext({ intervalMinutes: 7, products }),
    });
    expect({ status, stdout }).toStrictEqual({ status: 1, stdout: '' });
    expect(stderr.split('\n').map((line) => line.split(' is ')[0])).toStrictEqual([
      'The settings in cdk.json cannot be used:',
      '- license-watcher.intervalMinutes',
      '- license-watcher.products[0].tiers',
      '',
    ]);
  });

  it('can use the settings that are checked in', () => {
    const { context } = JSON.parse(readFileSync(join(ROOT, 'cdk.json'), 'utf8')) as {
      context: Record<string, unknown>;
    };
    expect(() => readConfig(context['license-watcher'])).not.toThrow();
  });

  it('knows no other option', () => {
    const misspelt = runApp({ 'license-watcher': settingsContext() }, '--buyer-tmplate');
    expect(misspelt).toMatchObject({ status: 2, stdout: '' });
    expect(misspelt.stderr).toContain("Unknown option '--buyer-tmplate'");
  });
});
