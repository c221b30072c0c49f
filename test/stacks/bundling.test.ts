import { describe, expect, it } from 'vitest';
import { readConfig } from '../../lib/stacks/settings/settings.ts';
import { bundlingOf } from '../../lib/stacks/watcher/bundling.ts';
import { productContext, settingsContext } from '../support/settings-context.ts';

function settingsOf(count: number) {
  const products = Array.from({ length: count }, (_, index) =>
    productContext({ id: `p${index}`, productSku: `sku-${index}`, contact: 'x'.repeat(200) }),
  );
  return readConfig(settingsContext({ products })).settings;
}

describe('the settings in a bundle', () => {
  it('are the JSON of what was configured', () => {
    const settings = settingsOf(2);
    expect(
      JSON.parse(bundlingOf(settings).define?.['LICENSE_WATCHER_SETTINGS'] ?? ''),
    ).toStrictEqual(settings);
  });

  it('fail where they are longer than an argument may be', () => {
    expect(() => bundlingOf(settingsOf(150))).not.toThrow();
    expect(() => bundlingOf(settingsOf(300))).toThrow(
      /^the settings are \d+ bytes long, at most 100000 can be compiled/,
    );
  });
});
