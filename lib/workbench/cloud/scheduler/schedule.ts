/** The part of AWS::Scheduler::Schedule that decides what happens when. */
export interface Schedule {
  readonly accountId: string;
  readonly region: string;
  readonly name: string;
  readonly description: string | undefined;
  readonly arn: string;
  /** The `aws:SourceArn` for a role's trust policy: the group, not the schedule (user guide, "Confused deputy prevention"). */
  readonly groupArn: string;
  readonly expression: string;
  /** The time zone of a cron expression; a rate ignores it. */
  readonly timeZone: string;
  readonly enabled: boolean;
  /** The template's value; nothing here depends on it. */
  readonly flexibleTimeWindow: object;
  readonly target: {
    readonly arn: string;
    readonly roleArn: string;
    readonly input: string;
    readonly deadLetterArn: string | undefined;
    /** The template's value. */
    readonly retryPolicy: object | undefined;
  };
}

/** The target's `Input` with the context attribute filled in (user guide, "Adding context attributes"). */
export function eventOf({ target: { input } }: Schedule, scheduledAt: number): unknown {
  const time = new Date(scheduledAt).toISOString().replace('.000Z', 'Z');
  const filled = input.replaceAll('<aws.scheduler.scheduled-time>', time);
  const [unknown] = /<aws\.[^>]*>/.exec(filled) ?? [];
  if (unknown === undefined) return JSON.parse(filled);
  throw new Error(`the local cloud knows <aws.scheduler.scheduled-time> alone, got ${unknown}`);
}

const MINUTE_MS = 60_000;
const UNITS: Readonly<Record<string, number>> = {
  minute: MINUTE_MS,
  hour: 60 * MINUTE_MS,
  day: 1440 * MINUTE_MS,
};

export function isRate({ expression }: Pick<Schedule, 'expression'>): boolean {
  return expression.startsWith('rate(');
}

/** When a schedule occurs. */
export interface Occurrences {
  /** The first instant at or after `from`, in epoch milliseconds. */
  next(from: number): number;
}

/**
 * Reads expressions like `rate(15 minutes)`, `cron(30 8 * * ? *)` and `cron(30 8 ? * MON *)`, the only forms in our schedules. Throws for
 * any other. A rate counts from 1970, so that ticks are round instants; AWS counts from the schedule's creation.
 */
export function occurrences({
  expression,
  timeZone,
}: Pick<Schedule, 'expression' | 'timeZone'>): Occurrences {
  const cron = CRON.exec(expression)?.groups;
  if (cron !== undefined) {
    const { minute = '', hour = '', day } = cron;
    const days = day === undefined ? DAYS : [day];
    return atHour(Number(hour), Number(minute), days, timeZone);
  }
  const [, count = '', unit = '', plural] =
    /^rate\(([1-9]\d*) (minute|hour|day)(s?)\)$/.exec(expression) ?? [];
  const period = Number(count) * (UNITS[unit] ?? Number.NaN);
  // The unit is singular for 1 and plural otherwise: AWS refuses rate(1 minutes).
  if (!(period > 0) || (count === '1') === (plural === 's')) {
    throw new Error(
      `the local cloud knows schedule expressions like rate(15 minutes), cron(30 8 * * ? *) and cron(30 8 ? * MON *), got ${JSON.stringify(expression)}`,
    );
  }
  return { next: (from) => Math.ceil(from / period) * period };
}

const DAYS: readonly string[] = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const CRON =
  /^cron\((?<minute>[1-5]?\d) (?<hour>1?\d|2[0-3]) (?:\* \* \?|\? \* (?<day>SUN|MON|TUE|WED|THU|FRI|SAT)) \*\)$/;
const DAY_MS = 1440 * MINUTE_MS;

/** Occurs at this time on these days of the week: not at all in an hour that the clocks skip, once in one they repeat (user guide). */
function atHour(
  hour: number,
  minute: number,
  days: readonly string[],
  timeZone: string,
): Occurrences {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    ...{ year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' },
  });
  /** The time that a clock in the zone shows, as if it were UTC. */
  const shown = (at: number): number => {
    const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
    const of = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? Number.NaN;
    return Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'));
  };
  /** The first instant at which such a clock shows `wanted`; undefined if it never does. */
  const instantOf = (wanted: number): number | undefined =>
    [-1, 1]
      .map((days) => wanted - (shown(wanted + days * DAY_MS) - (wanted + days * DAY_MS)))
      .filter((at) => shown(at) === wanted)
      .toSorted((a, b) => a - b)[0];
  return {
    next: (from) => {
      const midnight = Math.floor(shown(from) / DAY_MS) * DAY_MS;
      for (let after = 0; ; after += 1) {
        const wanted = midnight + after * DAY_MS + (hour * 60 + minute) * MINUTE_MS;
        const isDay = days.includes(DAYS[new Date(wanted).getUTCDay()] ?? '');
        const at = isDay ? instantOf(wanted) : undefined;
        if (at !== undefined && at >= from) return at;
      }
    },
  };
}
