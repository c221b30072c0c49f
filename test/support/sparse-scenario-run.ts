import { ScenarioRun } from '../../lib/workbench/scenarios/scenario-run.ts';
import { DEFAULT_DECISION_DAYS, DEFAULT_REMINDER_DAYS } from '../../lib/domain/license/product.ts';
import { lockoutStart } from '../../lib/workbench/agreement-service/agreement.ts';

const DAY = 24 * 60 * 60_000;
/** The time after which a step has no more effects: the longest wait is the day until trouble of ours makes a watch lost. */
const SETTLED = 2 * DAY;

/**
 * Leaves out most sweeps that see nothing: midnights without a reminder of any license or decision deadline, after two days in which
 * nothing happened, except at the beginning of a week. If such a sweep would tell something wrong, the next one tells it, at an unexpected
 * hour. The same scenario with all its sweeps is `npm start -- --scenario year --exit`.
 */
export class SparseScenarioRun extends ScenarioRun {
  #lastStep = -Infinity;

  override say(line: string): void {
    this.#lastStep = this.cloud.clock.now();
    super.say(line);
  }

  override fire(): void {
    if (!this.#isQuiet(this.cloud.clock.now())) super.fire();
  }

  #isQuiet(at: number): boolean {
    const midnight = at % DAY === 0;
    const weekBegins = at % (7 * DAY) === 0;
    return midnight && !weekBegins && at - this.#lastStep > SETTLED && !this.#reminderIsDue(at);
  }

  /** True if a reminder has become due since the midnight before. */
  #reminderIsDue(at: number): boolean {
    const ends = this.cloud.licenseManager.licenses().flatMap(({ end }) => end ?? []);
    const deadlines = this.cloud.agreementService
      .agreements()
      .flatMap((agreement) => lockoutStart(agreement) ?? []);
    const isDue = (of: number, days: readonly number[]): boolean =>
      days.some((day) => of - day * DAY > at - DAY && of - day * DAY <= at);
    return (
      ends.some((end) => isDue(end, [0, ...DEFAULT_REMINDER_DAYS])) ||
      deadlines.some((deadline) => isDue(deadline, DEFAULT_DECISION_DAYS))
    );
  }
}
