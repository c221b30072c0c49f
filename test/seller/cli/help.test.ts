import { expect, it } from 'vitest';
import { Terminal } from '../../support/terminal.ts';

it('keeps the help of every command to 80 columns', async () => {
  const terminal = new Terminal();
  expect(await terminal.run('--help')).toBe(0);
  const names = [...terminal.out.matchAll(/^ {2}([a-z-]+) {2,}/gm)].map(([, name = '']) => name);
  expect(names).toContain('doctor');
  const wide: string[] = [];
  for (const name of names) {
    await terminal.run(...(name === 'help' ? [] : [name]), '--help');
    wide.push(...terminal.out.split('\n').filter((line) => line.length > 80));
  }
  expect(wide).toEqual([]);
});
