import { App } from 'aws-cdk-lib';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BuyerStack } from './buyer-stack.ts';
import { CONTEXT_KEY, readConfig } from '../settings/settings.ts';
import { BUYER_STACK_NAME } from '../../messages/names.ts';
import { jsonText } from '../../domain/outside-text.ts';

/** Returns the buyer template alone, as readable JSON, without bundling the functions. `sellerAccountId`: its parameter's default. */
export function buyerTemplate(
  context: Readonly<Record<string, unknown>>,
  sellerAccountId?: string,
): string {
  const outdir = mkdtempSync(join(tmpdir(), 'license-watcher-'));
  try {
    const app = new App({ context, outdir, autoSynth: false });
    const { settings, region } = readConfig(app.node.tryGetContext(CONTEXT_KEY));
    const { artifactId } = new BuyerStack(app, BUYER_STACK_NAME, {
      settings,
      region,
      sellerAccountId,
    });
    return `${jsonText(app.synth().getStackArtifact(artifactId).template, 2)}\n`;
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}
