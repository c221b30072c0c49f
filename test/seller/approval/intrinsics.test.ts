import { describe, expect, it } from 'vitest';
import { references, resolve, type Scope } from '../../../lib/seller/approval/intrinsics.ts';

const scope: Scope = {
  ref: (name) =>
    ({ Topic: 'arn:topic', Count: '5', Names: ['a', 'b'], 'AWS::Region': 'us-east-1' })[name],
  getAtt: (id, attribute) => (id === 'Topic' && attribute === 'Name.Short' ? 'short' : undefined),
  condition: (name) => name === 'Yes',
};

describe('an intrinsic', () => {
  it.each([
    [{ Ref: 'Topic' }, 'arn:topic'],
    [{ 'Fn::GetAtt': ['Topic', 'Name.Short'] }, 'short'],
    [{ 'Fn::GetAtt': 'Topic.Name.Short' }, 'short'],
    [
      { 'Fn::Sub': '${Topic}/${Topic.Name.Short}/${!Literal}/${AWS::Region}' },
      'arn:topic/short/${Literal}/us-east-1',
    ],
    [{ 'Fn::Sub': ['${own}-${Count}', { own: { Ref: 'AWS::Region' } }] }, 'us-east-1-5'],
    [{ 'Fn::Join': ['-', [{ Ref: 'Count' }, 'x', { Ref: 'AWS::NoValue' }]] }, '5-x'],
    [{ 'Fn::Join': [',', { Ref: 'Names' }] }, 'a,b'],
    [{ 'Fn::Select': ['1', { Ref: 'Names' }] }, 'b'],
    [{ 'Fn::Split': [':', { Ref: 'Topic' }] }, ['arn', 'topic']],
    [{ 'Fn::If': ['Yes', 'yes', { Ref: 'nobody' }] }, 'yes'],
    [{ 'Fn::If': ['No', { Ref: 'nobody' }, { Ref: 'AWS::NoValue' }] }, undefined],
    [{ 'Fn::Or': [{ 'Fn::Equals': ['a', 'b'] }, { Condition: 'Yes' }] }, true],
    [{ 'Fn::Contains': [{ Ref: 'Names' }, 'b'] }, true],
    [
      { kept: { Ref: 'Count' }, gone: { Ref: 'AWS::NoValue' }, list: [1, { Ref: 'AWS::NoValue' }] },
      { kept: '5', list: [1] },
    ],
    // A property that happens to be called as an intrinsic is, beside others, a property.
    [
      { Effect: 'Allow', Condition: { Bool: { x: 'y' } } },
      { Effect: 'Allow', Condition: { Bool: { x: 'y' } } },
    ],
  ])('%j is %j', (value, expected) => {
    expect(resolve(value, scope)).toEqual(expected);
  });

  it.each([
    [{ Ref: 'nobody' }, 'Unresolved resource dependencies [nobody]'],
    [
      { 'Fn::GetAtt': ['Topic', 'Nothing'] },
      'Requested attribute Nothing does not exist in schema of Topic',
    ],
    [{ 'Fn::Select': [7, ['a']] }, 'nonexistent value at index 7'],
    [{ 'Fn::ImportValue': 'x' }, 'the intrinsic Fn::ImportValue is not known here; known are Ref,'],
    [{ 'Fn::Join': ['-', 'no list'] }, 'Fn::Join expects a list, got "no list"'],
    ['{{resolve:ssm:/a}}', 'dynamic references are not resolved'],
  ])('fails: %j', (value, message) => {
    expect(() => resolve(value, scope)).toThrow(message);
  });
});

it('finds what a value refers to, whatever a condition may choose', () => {
  const value = {
    a: { 'Fn::If': ['No', { Ref: 'A' }, { 'Fn::GetAtt': ['B', 'Arn'] }] },
    b: { 'Fn::Sub': ['${C.Arn} ${own} ${!D}', { own: { Ref: 'E' } }] },
  };
  expect([...references(value)].sort()).toEqual(['A', 'B', 'C', 'E', 'own']);
});
