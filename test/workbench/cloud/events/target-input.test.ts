import { describe, expect, it, test } from 'vitest';
import { targetInput, UnusableInput } from '../../../../lib/workbench/cloud/events/target-input.ts';

const RULE = 'arn:aws:events:us-east-1:111111111111:rule/own/ticks';
const SOURCE = {
  ruleArn: RULE,
  ruleName: 'ticks',
  receivedAt: Date.UTC(2027, 1, 1, 12, 0, 0, 250),
};
const DETAIL = {
  command: 'update-account',
  payload: { acc_id: '0a787ecb', sf_id: 'baz' },
  single: ['HIGH'],
  several: ['ACTIVE', 'INACTIVE'],
  valid: true,
  count: 7,
  quote: 'say "hi"',
  nothing: null,
};
const EVENT = {
  version: '0',
  id: 'an-id',
  'detail-type': 'Tick',
  source: 'mine',
  account: '111111111111',
  time: '2027-02-01T11:59:59Z',
  region: 'us-east-1',
  resources: ['arn:a', 'arn:b'],
  detail: DETAIL,
};
const PATHS = {
  type: '$.detail-type',
  command: '$.detail.command',
  payload: '$.detail.payload',
  id: '$.detail.payload.acc_id',
  single: '$.detail.single',
  several: '$.detail.several',
  second: '$.resources[1]',
  valid: '$.detail.valid',
  count: '$.detail.count',
  quote: '$.detail.quote',
  nothing: '$.detail.nothing',
  lost: '$.detail.not.there',
  beyond: '$.resources[2]',
};

function inputOf(target: Readonly<Record<string, unknown>>): string {
  return targetInput(target, 'one')(EVENT, SOURCE);
}

function transform(InputTemplate: string, InputPathsMap: Readonly<Record<string, string>> = PATHS) {
  return inputOf({ InputTransformer: { InputPathsMap, InputTemplate } });
}

it('is the event where the target asks for nothing else', () => {
  expect(JSON.parse(inputOf({}))).toEqual(EVENT);
});

it('is a constant as it stands', () => {
  expect(inputOf({ Input: '{ "a": 1 }' })).toBe('{ "a": 1 }');
});

test.each([
  ['$', EVENT],
  ['$.detail', DETAIL],
  ['$.detail.payload.sf_id', 'baz'],
  ['$.resources[1]', 'arn:b'],
])('is what the path %s finds, as JSON', (InputPath, expected) => {
  expect(inputOf({ InputPath })).toBe(JSON.stringify(expected));
});

describe('a template of JSON', () => {
  test.each<[string, string, unknown]>([
    ['a text', '{"a": <command>}', { a: 'update-account' }],
    ['a text with a quote', '{"a": <quote>}', { a: 'say "hi"' }],
    ['an object', '{"a": <payload>}', { a: { acc_id: '0a787ecb', sf_id: 'baz' } }],
    ['an array', '{"a": <single>}', { a: ['HIGH'] }],
    ['a boolean and a number', '{"a": [<valid>, <count>, 9]}', { a: [true, 7, 9] }],
    ['the member of an array', '{"a": <second>}', { a: 'arn:b' }],
    ['nothing', '{"a": <lost>, "b": <beyond>}', { a: '', b: '' }],
    [
      'a text inside a text',
      '{"a": "users/<id>/second/<id>"}',
      { a: 'users/0a787ecb/second/0a787ecb' },
    ],
    ['a text between escaped quotes', String.raw`{"a": "is \"<id>\""}`, { a: 'is "0a787ecb"' }],
    ['a boolean inside a text', '{"a": "it is <valid>"}', { a: 'it is true' }],
    ['nothing inside a text', '{"a": "[<lost>]"}', { a: '[]' }],
    [
      'reserved variables',
      '{"a": <aws.events.rule-arn>, "b": "of <aws.events.rule-name>", "c": <aws.events.event.ingestion-time>}',
      { a: RULE, b: 'of ticks', c: '2027-02-01T12:00:00Z' },
    ],
    ['the whole event', '{"a": <aws.events.event.json>}', { a: EVENT }],
    [
      'the event without its detail, its type under another name',
      '{"a": <aws.events.event>}',
      { a: { ...EVENT, detail: undefined, 'detail-type': undefined, detailType: 'Tick' } },
    ],
  ])('takes %s', (_name, template, expected) => {
    const text = transform(template);
    expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(expected)));
    expect(text).toBe(JSON.stringify(JSON.parse(text)));
  });

  test.each([
    ['an object', '{"a": "<payload>"}'],
    ['an array', '{"a": "<single>"}'],
    ['the event', '{"a": "<aws.events.event.json>"}'],
    ['a text with a quote', '{"a": "<quote>"}'],
  ])('becomes no JSON with %s inside a text, which is not escaped', (_name, template) => {
    expect(() => transform(template)).toThrow(UnusableInput);
  });
});

describe('a template of strings', () => {
  test.each([
    ['a text', '"Event of <type> type"', '"Event of Tick type"'],
    ['odd signs', '"{[/of <type>"', '"{[/of Tick"'],
    ['nothing', '"extracted <lost>"', '"extracted "'],
    ['an object', '"Payload <payload>!"', '"Payload {acc_id:0a787ecb,sf_id:baz}!"'],
    ['arrays', '"<single> <several>"', '"[HIGH] [ACTIVE,INACTIVE]"'],
    ['a boolean', '"it is <valid>"', '"it is true"'],
    ['several lines', '"<id> one"\n"<count> two"', '"0a787ecb one"\n"7 two"'],
    ['reserved variables', '"<aws.events.rule-name> ran"', '"ticks ran"'],
  ])('takes %s, and keeps its quotes', (_name, template, expected) => {
    expect(transform(template)).toBe(expected);
  });
});

test.each<[string, Readonly<Record<string, unknown>>, RegExp]>([
  ['two kinds of input', { Input: '{}', InputPath: '$' }, /^Only one of Input, InputPath, or/],
  ['a constant that is no JSON', { Input: 'hello' }, /must be JSON, got hello/],
  ['a path by brackets', { InputPath: "$['detail']" }, /JSON paths like/],
  ['a path with a wildcard', { InputPath: '$.detail.*' }, /JSON paths like/],
])('refuses %s', (_name, target, message) => {
  expect(() => targetInput(target, 'one')).toThrow(message);
});

test.each<[string, string, Readonly<Record<string, string>>, RegExp]>([
  ['a placeholder of no variable', '"of <other>"', PATHS, /contains invalid placeholder other\.$/],
  ['a link, which looks like one', '"<https://a.example|b>"', PATHS, /invalid placeholder https/],
  ['a string without quotes', '<type> came', PATHS, /strings in quotes/],
  ['a list', '[<type>]', PATHS, /strings in quotes/],
  ['broken JSON', '{"a": <type>', PATHS, /a JSON object/],
  ['a placeholder for a key', '{"<type>": 1}', PATHS, /a JSON object/],
  ['an unquoted placeholder for a key', '{<type>: 1}', PATHS, /a JSON object/],
  ['no template', '', {}, /1 to 8192 characters, got 0/],
  ['a long template', `"${'x'.repeat(8191)}"`, {}, /1 to 8192 characters, got 8193/],
  ['a name of AWS', '"a"', { 'aws.mine': '$' }, /a key has/],
  ['an odd name', '"a"', { 'a b': '$' }, /a key has/],
  ['an odd path', '"<a>"', { a: 'detail' }, /JSON paths like/],
  [
    'too many variables',
    '"a"',
    Object.fromEntries(Array.from({ length: 101 }, (_, index) => [`v${index}`, '$'])),
    /100 entries, got 101/,
  ],
])('refuses a transformer with %s', (_name, template, paths, message) => {
  expect(() => transform(template, paths)).toThrow(message);
});

test.each([
  [
    'a variable that is null',
    () => transform('{"a": <nothing>}'),
    /variable nothing, which is null/,
  ],
  [
    'a path that finds nothing',
    () => inputOf({ InputPath: '$.lost' }),
    /\$\.lost, which finds undefined/,
  ],
  ['a path that finds null', () => inputOf({ InputPath: '$.detail.nothing' }), /finds null/],
])('says that it does not know what EventBridge makes of %s', (_name, render, message) => {
  expect(render).toThrow(message);
});
