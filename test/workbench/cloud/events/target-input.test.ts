import { expect, it, test } from 'vitest';
import { targetInput } from '../../../../lib/workbench/cloud/events/target-input.ts';

const DETAIL = { payload: { sf_id: 'baz' }, nothing: null };
const EVENT = { version: '0', 'detail-type': 'Tick', source: 'mine', detail: DETAIL };

it('is the event where the target asks for nothing else', () => {
  expect(targetInput({})(EVENT)).toBe(JSON.stringify(EVENT));
});

test.each([
  ['$', EVENT],
  ['$.detail', DETAIL],
  ['$.detail-type', 'Tick'],
  ['$.detail.payload.sf_id', 'baz'],
])('is what the path %s finds, as JSON', (InputPath, expected) => {
  expect(targetInput({ InputPath })(EVENT)).toBe(JSON.stringify(expected));
});

test.each([["$['detail']"], ['$.detail.*'], ['$.resources[1]'], ['detail'], [7]])(
  'refuses the path %s',
  (InputPath) => {
    expect(() => targetInput({ InputPath })).toThrow(/JSON paths like/);
  },
);

test.each([
  ['$.lost', /\$\.lost, which finds undefined/],
  ['$.detail.nothing', /finds null/],
])('says that it does not know what EventBridge makes of %s', (InputPath, message) => {
  expect(() => targetInput({ InputPath })(EVENT)).toThrow(message);
});
