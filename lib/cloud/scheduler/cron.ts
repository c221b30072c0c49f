/** The fields of `cron(minutes hours day-of-month month day-of-week year)`, as the values each allows. */
interface CronFields {
  readonly minutes: ReadonlySet<number>;
  readonly hours: ReadonlySet<number>;
  readonly days: ReadonlySet<number>;
  readonly months: ReadonlySet<number>;
  /** 1 is Sunday. */
  readonly weekdays: ReadonlySet<number>;
  readonly years: ReadonlySet<number>;
}

const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const DAY_MS = 86_400_000;
const DAYS_SEARCHED = 366 * 8;

/** Reads a cron expression's six fields: `*`, `?`, numbers, names, lists, ranges and steps. `L`, `W` and `#` are refused. */
export function cronFields(expression: string): CronFields {
  const parts = expression.trim().split(/\s+/);
  const [minutes, hours, days, months, weekdays, years] = parts;
  if (parts.length !== 6 || years === undefined)
    throw new Error(`a cron expression has six fields, got ${parts.length}: ${JSON.stringify(expression)}`);
  return {
    minutes: values(minutes, 0, 59),
    hours: values(hours, 0, 23),
    days: values(days, 1, 31),
    months: values(months, 1, 12, MONTHS),
    weekdays: values(weekdays, 1, 7, WEEKDAYS),
    years: values(years, 1970, 2199),
  };
}

/** The first instant from `from` on, in UTC; undefined where there is none within eight years. */
export function nextByCron(fields: CronFields, from: number): number | undefined {
  const firstDay = Math.floor(from / DAY_MS) * DAY_MS;
  for (let index = 0; index < DAYS_SEARCHED; index += 1) {
    const day = firstDay + index * DAY_MS;
    if (!isDay(fields, new Date(day))) continue;
    for (const hour of ordered(fields.hours))
      for (const minute of ordered(fields.minutes)) {
        const instant = day + (hour * 60 + minute) * 60_000;
        if (instant >= from) return instant;
      }
  }
  return undefined;
}

function isDay(fields: CronFields, day: Date): boolean {
  return (
    fields.years.has(day.getUTCFullYear()) &&
    fields.months.has(day.getUTCMonth() + 1) &&
    fields.days.has(day.getUTCDate()) &&
    fields.weekdays.has(day.getUTCDay() + 1)
  );
}

function values(field = '', min: number, max: number, names: readonly string[] = []): Set<number> {
  const allowed = new Set<number>();
  for (const part of field.split(',')) {
    const [, range = '', step] = /^([^/]+)(?:\/(\d+))?$/.exec(part) ?? [];
    const [first = '', last] = range.split('-');
    const isAny = first === '*' || first === '?';
    const from = isAny ? min : numberOf(first, names);
    const to = isAny || (last === undefined && step !== undefined) ? max : numberOf(last ?? first, names);
    const by = Number(step ?? 1);
    if (!(from >= min && to <= max && from <= to && by >= 1))
      throw new Error(
        `${JSON.stringify(part)} is no field of a cron expression that the local cloud knows (${min}..${max})`,
      );
    for (let value = from; value <= to; value += by) allowed.add(value);
  }
  return allowed;
}

function numberOf(text: string, names: readonly string[]): number {
  const named = names.indexOf(text.toUpperCase());
  return named >= 0 ? named + 1 : /^\d+$/.test(text) ? Number(text) : Number.NaN;
}

function ordered(set: ReadonlySet<number>): number[] {
  return [...set].sort((a, b) => a - b);
}
