import { expect, it } from 'vitest';
import { table } from '../../../../lib/seller/cli/output/text.ts';

it('cuts no character in halves', () => {
  for (const before of ['', 'a']) {
    const [, line = ''] = table(['A', 'B'], [['x', `${before}${'😀'.repeat(50)}`]], [1], 80);
    expect(line.isWellFormed()).toBe(true);
    expect(line).toMatch(/…$/);
  }
});
