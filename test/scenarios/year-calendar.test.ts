import { describe, expect, it } from 'vitest';
import { calendar, type Step } from '../../lib/workbench/scenarios/year/calendar.ts';
import type { Plot } from '../../lib/workbench/scenarios/year/scene.ts';

/** `2026-01-02T10:15` for a sweep, with the scene's words after it for a scene. */
function line({ at, scene }: Step): string {
  const instant = new Date(at).toISOString().slice(0, 16);
  return scene === undefined ? instant : `${instant} ${scene.says}`;
}

function between(start: string, end: string, ...plots: Plot[]): readonly string[] {
  return calendar(plots, start, end).map(line);
}

describe('the calendar of a story', () => {
  it('sweeps a quiet day once', () => {
    expect(between('2026-01-01T08:50:00Z', '2026-01-04T00:00:00Z')).toEqual([
      '2026-01-02T00:00',
      '2026-01-03T00:00',
    ]);
  });

  it('sweeps two ticks before a scene and six from it on', () => {
    const plot: Plot = [{ at: '2026-01-01T10:02:00Z', says: 'upgraded' }];
    expect(between('2026-01-01T00:10:00Z', '2026-01-02T00:00:00Z', plot)).toEqual([
      '2026-01-01T09:45',
      '2026-01-01T10:00',
      '2026-01-01T10:02 upgraded',
      '2026-01-01T10:15',
      '2026-01-01T10:30',
      '2026-01-01T10:45',
      '2026-01-01T11:00',
      '2026-01-01T11:15',
      '2026-01-01T11:30',
    ]);
  });

  it('lets a scene at the instant of a tick be seen by it, and sweeps each tick once', () => {
    const one: Plot = [{ at: '2026-01-02T00:00:00Z', says: 'ended', before: 0, ticks: 2 }];
    const other: Plot = [{ at: '2026-01-02T00:05:00Z', says: 'renewed', before: 0, ticks: 2 }];
    expect(between('2026-01-01T23:00:00Z', '2026-01-02T12:00:00Z', other, one)).toEqual([
      '2026-01-02T00:00 ended',
      '2026-01-02T00:00',
      '2026-01-02T00:05 renewed',
      '2026-01-02T00:15',
      '2026-01-02T00:30',
    ]);
  });

  it('makes two scenes of a spell', () => {
    const plot: Plot = [
      {
        from: '2026-01-01T10:00:00Z',
        until: '2026-01-01T12:00:00Z',
        says: 'failing',
        over: 'answering',
        begin: () => () => undefined,
        before: 0,
        ticks: 1,
      },
    ];
    expect(
      between('2026-01-01T09:00:00Z', '2026-01-01T13:00:00Z', plot).filter((each) =>
        each.includes(' '),
      ),
    ).toEqual(['2026-01-01T10:00 failing', '2026-01-01T12:00 answering']);
  });

  it('refuses a scene outside its time', () => {
    const plot: Plot = [{ at: '2027-01-01T10:00:00Z', says: 'too late' }];
    expect(() => between('2026-01-01T00:00:00Z', '2026-02-01T00:00:00Z', plot)).toThrow(
      'the scene "too late" is at 2027-01-01T10:00:00Z',
    );
  });
});
