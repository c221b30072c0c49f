import { globSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { productSchema } from '../../lib/stacks/settings/product-schema.ts';
import { watcherSchema } from '../../lib/stacks/settings/watcher-schema.ts';
import { buyerTemplate } from '../../lib/stacks/buyer/buyer-template.ts';
import { codeBlocks, documentText, linksOf, shellWords } from '../support/document.ts';
import { settingsContext } from '../support/settings-context.ts';
import { Terminal } from '../support/terminal.ts';

const README = documentText('README.md');
const BUYER = '222233334444';
const TEMPLATE = buyerTemplate({ 'license-watcher': settingsContext() });

/** As they stand in code, placeholders filled in; what the shell does with them is left out. */
function commandsIn(path: string): readonly string[] {
  const text = documentText(path);
  const inBlocks = codeBlocks(text).flatMap(({ code }) => code.replaceAll('\\\n', ' ').split('\n'));
  const inline = [
    ...text.replaceAll(/```.*?```/gs, '').matchAll(/`(npx license-watcher [^`]+)`/g),
  ].map(([, code = '']) => code);
  return [...inBlocks, ...inline]
    .map((line) => /^npx (license-watcher .*?)(?: +#.*| > .*)?$/.exec(line)?.[1])
    .filter((command) => command !== undefined)
    .map((command) =>
      command
        .replaceAll('<account>', BUYER)
        .replaceAll('<date>', '2027-02-01')
        .replaceAll('...', 'viewer')
        .replaceAll(/example-server|viewer-test/g, 'viewer')
        // Only the local cloud has keys of its own.
        .replace(/--as-buyer$/, '--as-buyer sandbox'),
    );
}

/** Of a watcher that knows the buyer. */
async function terminal(): Promise<Terminal> {
  const ours = new Terminal();
  ours.now = Date.parse('2027-03-01T10:00:00Z');
  ours.buyerTemplate = () => Promise.resolve(TEMPLATE);
  ours.interruption.abort();
  ours.files.set('buyers.csv', `account,name,product\n${BUYER},Example Corp,viewer\n`);
  ours.files.set('renewal.eml', 'Subject: x\n\nnothing of ours\n');
  ours.files.set('mail.eml', 'Subject: x\n\nnothing of ours\n');
  await ours.run('invite', BUYER, '--name', 'Example Corp', '--product', 'viewer');
  return ours;
}

describe.each([
  'README.md',
  'docs/commands.md',
  'docs/events.md',
  'docs/first-day.md',
  'docs/local-cloud.md',
  'docs/runbook.md',
  'docs/settings.md',
])('%s', (path) => {
  // A command that is misused ends with 2; one that finds nothing, or nobody to ask, in a watcher in memory with 0 or 1.
  test.each([...new Set(commandsIn(path))])('%s', async (command) => {
    const [, ...argv] = shellWords(command).filter((word) => !/^<|^\(|\)$/.test(word));
    const ours = await terminal();
    // Of the local cloud nothing runs here.
    const code = await ours.run(...argv.filter((word) => word !== '--local'));
    expect(ours.err).not.toMatch(/unknown|misused/);
    expect(code).not.toBe(2);
  });
});

describe('the README', () => {
  test('has under 2,000 words', () => {
    expect(README.split(/\s+/).length).toBeLessThan(2_000);
  });

  test('shows pictures of the width of a page, small enough to load', () => {
    const pictures = linksOf(README).filter((link) => link.endsWith('.png'));
    expect(pictures).toEqual(['docs/images/report.png', 'docs/images/mail.png']);
    for (const path of pictures) {
      const bytes = readFileSync(path);
      expect(bytes.toString('latin1', 1, 4)).toBe('PNG');
      expect(bytes.readUInt32BE(16)).toBe(1_280);
      expect(bytes.length).toBeLessThan(300_000);
    }
  });

  test('has the two commands near its top', () => {
    const [block] = codeBlocks(README);
    expect(block?.code).toMatch(/^npm ci && npm start -- --exit .*\nnpm ci && npm test /);
  });
});

describe('the documents behind it', () => {
  test('have a row for every setting', () => {
    const rows = documentText('docs/settings.md')
      .split('\n')
      .filter((line) => line.startsWith('| `'))
      .join('\n');
    const settings = [...Object.keys(watcherSchema.shape), ...Object.keys(productSchema.shape)];
    const missing = settings.filter(
      (name) => !new RegExp(`[\`.]${name}\``).test(rows) && name !== 'products',
    );
    expect(missing).toEqual([]);
  });

  test('give a reason for every dependency, and for no other', () => {
    const { dependencies, devDependencies, optionalDependencies } = JSON.parse(
      documentText('package.json'),
    ) as Record<string, Record<string, string> | undefined>;
    const used = Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies });
    const cells = documentText('docs/dependencies.md')
      .split('\n')
      .filter((line) => line.startsWith('| `'))
      .map((line) => line.split('|')[1] ?? '');
    const named = cells.flatMap((cell) =>
      [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name),
    );
    const matches = (pattern: string, name: string): boolean =>
      pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
    expect(used.filter((name) => !named.some((pattern) => matches(pattern, name)))).toEqual([]);
    expect(named.filter((pattern) => !used.some((name) => matches(pattern, name)))).toEqual([]);
  });
});

describe('what starts the local cloud', () => {
  const usage = documentText('bin/local.ts');
  const options = [
    ...globSync('{*,docs/**/*}.md').map((path) => documentText(path)),
    documentText('package.json').replaceAll('node bin/local.ts', 'npm start --'),
  ].flatMap((text) =>
    [...text.matchAll(/npm start -- ([^#`"\n]*)/g)].flatMap(([, given = '']) =>
      given.split(/\s+/).filter((word) => word.startsWith('--')),
    ),
  );

  test.each([...new Set(options)])('%s is an option', (option) => {
    expect(usage).toMatch(new RegExp(`^ {2}${option}\\b`, 'm'));
  });

  test('is documented', () => {
    expect(options.length).toBeGreaterThan(3);
  });
});

describe('the page of commands', () => {
  test('has a row for every command, and for no other', async () => {
    const ours = await terminal();
    ours.out = '';
    await ours.run('--help');
    const [, list = ''] = ours.out.split('Commands:\n');
    const commands = [...list.matchAll(/^ {2}([a-z-]+) {2,}/gm)].map(([, name = '']) => name);
    // The second table says what some of them read.
    const [firstTable = ''] = documentText('docs/commands.md').split('| command | reads |');
    const rows = [...firstTable.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, name = '']) => name);
    expect(rows.toSorted()).toEqual(commands.filter((name) => name !== 'help').toSorted());
  });
});

describe('what is said of AWS', () => {
  const documents = [
    'README.md',
    'docs/for-buyers.md',
    'docs/runbook.md',
    'docs/audit-table.md',
  ].map(documentText);

  test.each([
    ['AWS renews nothing for sure', /auto-renewal is on, you need do nothing/],
    ['AWS writes to aliases as well', /root mailbox/],
    ['the seller hears of agreements', /you it tells nothing|tells you nothing|is told nothing/],
    ['SaaS contracts have licenses, too', /SaaS products have no license/],
    [
      'a buyer’s service control policies do not bind us',
      /service control policy forbids sts:AssumeRole/,
    ],
  ])('%s', (_why, falsehood) => {
    for (const text of documents) expect(text).not.toMatch(falsehood);
  });

  test('what is never probed stands before the first command', () => {
    const before = README.slice(0, README.indexOf('```sh'));
    for (const words of ['Never probed', 'AllowCheckIn', 'Probe=no', '`probe: "counted"`'])
      expect(before).toContain(words);
  });

  test('a launch needs sns:Publish, and mail scanners are provided for, wherever a buyer is told', () => {
    const [, forBuyers = '', runbook = ''] = documents;
    for (const text of [forBuyers, runbook]) {
      expect(text).toMatch(/sns:Publish/);
      expect(text).toContain('--authenticate-on-unsubscribe true');
    }
    for (const text of [README, runbook]) expect(text).toContain('--import-existing-resources');
  });
});

describe('what it costs', () => {
  const COST = documentText('docs/cost.md');
  const [, perBuyer = '', fixed = ''] =
    /\*\*\$([\d.]+) (?:for each buyer|per buyer)[^*]*\$([\d.]+) fixed\*\*/.exec(COST) ?? [];
  const amounts = (text: string): ReadonlyMap<string, string> => {
    const row = (name: string) =>
      new RegExp(`^\\| ${name} \\|(.*)\\|$`, 'm')
        .exec(text)?.[1]
        ?.split('|')
        .map((cell) => cell.trim()) ?? [];
    const [buyers, month] = [row('buyers'), row('a month')];
    return new Map(buyers.map((count, at) => [count, month[at] ?? '']));
  };

  test('is one sum in the README and in docs/cost.md', () => {
    expect(README).toContain(`**$${perBuyer} per buyer and month, and $${fixed} fixed**`);
    const ours = amounts(README);
    expect(ours.size).toBeGreaterThan(2);
    for (const [buyers, month] of ours) expect(amounts(COST).get(buyers)).toBe(month);
  });

  test('is about what the formula says, from 10,000 buyers down: with few, each pays for more messages', () => {
    for (const [buyers, month] of amounts(COST)) {
      const count = Number(buyers.replaceAll(',', ''));
      const sum = Number(fixed) + count * Number(perBuyer);
      const stated = Number(month.replace(/[$,]/g, ''));
      expect(Math.abs(stated / sum - 1)).toBeLessThan(0.02);
    }
  });
});
