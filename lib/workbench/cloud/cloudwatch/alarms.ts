import type { Properties } from '../resource.ts';

export interface Alarm {
  readonly accountId: string;
  readonly region: string;
  readonly name: string;
  readonly arn: string;
  /** As the template has them. */
  readonly properties: Properties;
  readonly updatedAt: number;
}

/** The alarms of all accounts. They are kept but not evaluated: none is ever in ALARM, and none is ever OK. */
export class Alarms {
  readonly #alarms = new Map<string, Alarm>();

  put(alarm: Alarm): void {
    this.#alarms.set(alarm.arn, alarm);
  }

  remove(arn: string): void {
    this.#alarms.delete(arn);
  }

  /** Sorted by name, as CloudWatch lists them. */
  of(accountId: string, region: string): readonly Alarm[] {
    return [...this.#alarms.values()]
      .filter((alarm) => alarm.accountId === accountId && alarm.region === region)
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }
}
