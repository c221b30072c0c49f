/** `rate(...)` in milliseconds. */
export interface ScheduleExpression {
  readonly everyMs: number;
}

const UNITS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/** `rate(15 minutes)`. Throws for anything else: our schedules use nothing else. */
export function parseScheduleExpression(text: string): ScheduleExpression {
  const [, count = '', unit = '', plural] = /^rate\(([1-9]\d*) (minute|hour|day)(s?)\)$/.exec(text) ?? [];
  const length = UNITS[unit];
  if (length === undefined || (count === '1') === (plural === 's')) {
    throw new Error(`the local cloud knows rate expressions like rate(15 minutes), got ${JSON.stringify(text)}`);
  }
  return { everyMs: Number(count) * length };
}

/** The next instant of a rate: whole intervals since 1970, so that stories have round ticks; AWS counts from the creation. */
export function nextAfter({ everyMs }: ScheduleExpression, createdAt: number, now: number): number {
  const after = Math.max(createdAt, now);
  return (Math.floor(after / everyMs) + 1) * everyMs;
}
