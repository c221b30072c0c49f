import { describe, expect, it } from 'vitest';
import { calendar, type CalendarEntry } from '../../lib/workbench/scenarios/year/calendar.ts';
import type { Script } from '../../lib/workbench/scenarios/year/step.ts';

/** `2026-01-02T10:15` for a sweep, with the step's words after it for a step. */
function line({ at, step }: CalendarEntry): string {
  const instant = new Date(at).toISOString().slice(0, 16);
  return step === undefined ? instant : `${instant} ${step.says}`;
}

function between(start: string, end: string, ...scripts: Script[]): readonly string[] {
  return calendar(scripts, start, end).map(line);
}

describe('the calendar of a scenario', () => {
  it('sweeps a quiet day once', () => {
    expect(between('2026-01-01T08:50:00Z', '2026-01-04T00:00:00Z')).toEqual([
      '2026-01-02T00:00',
      '2026-01-03T00:00',
    ]);
  });

  it('sweeps one tick before a step and six from it on', () => {
    const script: Script = [{ at: '2026-01-01T10:02:00Z', says: 'upgraded' }];
    expect(between('2026-01-01T00:10:00Z', '2026-01-02T00:00:00Z', script)).toEqual([
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

  it('lets a step at the instant of a tick be seen by it, and sweeps each tick once', () => {
    const one: Script = [{ at: '2026-01-02T00:00:00Z', says: 'ended', before: 0, ticks: 2 }];
    const other: Script = [{ at: '2026-01-02T00:05:00Z', says: 'renewed', before: 0, ticks: 2 }];
    expect(between('2026-01-01T23:00:00Z', '2026-01-02T12:00:00Z', other, one)).toEqual([
      '2026-01-02T00:00 ended',
      '2026-01-02T00:00',
      '2026-01-02T00:05 renewed',
      '2026-01-02T00:15',
      '2026-01-02T00:30',
    ]);
  });

  it('makes two steps of one that lasts', () => {
    const script: Script = [
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
      between('2026-01-01T09:00:00Z', '2026-01-01T13:00:00Z', script).filter((each) =>
        each.includes(' '),
      ),
    ).toEqual(['2026-01-01T10:00 failing', '2026-01-01T12:00 answering']);
  });

  it('refuses a step outside its time', () => {
    const script: Script = [{ at: '2027-01-01T10:00:00Z', says: 'too late' }];
    expect(() => between('2026-01-01T00:00:00Z', '2026-02-01T00:00:00Z', script)).toThrow(
      'the step "too late" is at 2027-01-01T10:00:00Z',
    );
  });
});
