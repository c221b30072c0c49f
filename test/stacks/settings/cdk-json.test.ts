import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ConfigError } from '../../../lib/stacks/settings/settings.ts';
import { readContext } from '../../../lib/stacks/settings/cdk-json.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const GOOD = readFileSync('cdk.json', 'utf8');

function cdkJson(text: string): string {
  const path = join(temporaryDirectory(), 'cdk.json');
  writeFileSync(path, text);
  return path;
}

function problemWith(path: string): string {
  try {
    readContext(path);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as ConfigError).message;
  }
  throw new Error('it was read');
}

it('reads the context', () => {
  expect(readContext(cdkJson(GOOD))).toHaveProperty(
    ['license-watcher', 'sellerName'],
    'Example Software',
  );
});

it.each([
  [
    'a comma behind the last member',
    '{\n  "context": {\n    "license-watcher": { "sellerName": "x", }\n  }\n}',
    ':3:43 ',
  ],
  ['a comma behind the last of a list', '{ "context": { "a": [\n  1,\n  2,\n] } }', ':3:4 '],
  ['a missing comma', '{\n  "app": "x"\n  "context": {}\n}', ':3:3 '],
  ['a comment', '{\n  // mine\n  "context": {}\n}', ':2:3 '],
  ['another kind of quotes', "{\n  'context': {}\n}", ':2:3 '],
  ['an open brace', '{\n  "context": {\n', ':3:1 '],
  ['a line feed in a text', '{\n  "context": { "a": "b\n" }\n}', ':2:23 '],
  ['nothing', '', ':1:1 '],
  ['two values', '{ "context": {} }\n{}\n', ':2:1 '],
])('names file and line of %s', (_what, text, place) => {
  const path = cdkJson(text);
  expect(problemWith(path)).toContain(
    `The settings in cdk.json cannot be used:\n- ${path}${place}is not valid JSON: `,
  );
});

it.each(['[]', '{}', '{ "context": [] }', 'null'])('says that %s has no context', (text) => {
  expect(problemWith(cdkJson(text))).toContain('has no object "context"');
});

it('says that there is no file', () => {
  expect(problemWith(join(temporaryDirectory(), 'cdk.json'))).toContain('does not exist');
});
