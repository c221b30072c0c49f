/**
 * Puts the cloud's time where this thread's code looks for the time of day: `Date.now()`, `new Date()` and `Date()`. Timers and
 * `performance.now()` stay real, and so does what formats the present without naming it (`Intl.DateTimeFormat().format()`).
 */
export function installCloudTime(clock: SharedArrayBuffer): void {
  const time = new BigInt64Array(clock);
  const now = (): number => Number(Atomics.load(time, 0));
  const RealDate = Date;
  RealDate.now = now;
  const CloudDate = new Proxy(RealDate, {
    construct: (target, args: unknown[], newTarget) =>
      Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget) as Date,
    apply: () => new RealDate(now()).toString(),
  });
  RealDate.prototype.constructor = CloudDate;
  globalThis.Date = CloudDate;
}
