import { describe, expect, it } from 'vitest';
import { SWITCHES } from '../../lib/workbench/license-manager/switches.ts';
import {
  drawn,
  eachAlone,
  named,
  nameOf,
  suspects,
  type SwitchCombination,
} from '../support/switch-combinations.ts';

const combinations = drawn(SWITCHES);
const positions = eachAlone(SWITCHES).slice(1).map(nameOf);

/** The numbers of the combinations in which a position occurs. */
function occurrences(position: string): readonly number[] {
  const [[name, at]] = Object.entries(named(position)) as [[string, string]];
  return combinations.flatMap((combination, index) => (combination[name] === at ? [index] : []));
}

describe('the combinations drawn for the switches', () => {
  it('begin with all in their first position', () => {
    expect(combinations[0]).toEqual({});
    expect(combinations).toHaveLength(10);
  });

  it('have every other position three times', () => {
    expect(positions.filter((position) => occurrences(position).length !== 3)).toEqual([]);
  });

  it('let no position occur only where a certain other does', () => {
    const patterns = positions.map((position) => occurrences(position).join());
    expect(patterns).toEqual([...new Set(patterns)]);
  });

  it('share the positions evenly', () => {
    const sizes = combinations.slice(1).map((combination) => Object.keys(combination).length);
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(2);
  });

  it('say by which of them fail which position it was', () => {
    for (const position of positions) {
      const failed = new Set(occurrences(position).map((index) => combinations[index]!));
      expect(suspects(combinations, failed)).toEqual([position]);
    }
    expect(suspects(combinations, new Set(combinations))).toEqual([]);
  });

  it('can be named, and found by their names', () => {
    const combination: SwitchCombination = { deletion: 'PENDING_DELETE', firstPage: 'empty' };
    expect(nameOf(combination)).toBe('deletion=PENDING_DELETE,firstPage=empty');
    expect(named(nameOf(combination))).toEqual(combination);
  });

  it('are refused where a switch finds no place', () => {
    expect(() => drawn({ dial: ['0', '1', '2', '3', '4'] })).toThrow(
      'no place left for the 5 positions of dial',
    );
  });
});
