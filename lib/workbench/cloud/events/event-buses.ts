import type { PolicyDocument } from '../authorizer.ts';
import { partitionOf } from '../templates/stack.ts';
import { uuid } from '../templates/custom-resources.ts';
import { Delivery, type DeliverySurroundings, type EventFailure } from './delivery.ts';
import { eventTime, type EventMessage } from './event-message.ts';
import { isMatch } from './event-pattern.ts';
import { busName, type Rule } from './rule.ts';

export interface EventBus {
  readonly accountId: string;
  readonly name: string;
  readonly arn: string;
  /** Statements of the policy by ID. */
  readonly statements: Map<string, object>;
}

/** An event that a caller, or AWS itself, puts onto a bus. */
export interface NewEvent {
  readonly source: string;
  readonly detailType: string;
  readonly detail: object;
  readonly resources?: readonly string[];
  /** Epoch milliseconds; default: now. */
  readonly time?: number;
  readonly traceHeader?: string | undefined;
}

/** A failure that EventBridge does not rule out: an event may be lost or doubled. */
export interface Disturbance {
  readonly when: (event: EventMessage) => boolean;
  /** How often the event reaches its targets: 0 means lost, 2 doubled; default 1. */
  readonly copies?: number;
  /** The number of events that it affects; without it, all. */
  readonly times?: number;
}

const DEFAULT_BUS = 'default';

export interface EventBusesOptions extends DeliverySurroundings {
  readonly region: string;
}

/** EventBridge: the buses of all accounts and their rules. */
export class EventBuses {
  readonly #options: EventBusesOptions;
  readonly #delivery: Delivery;
  readonly #buses = new Map<string, EventBus>();
  readonly #rules = new Map<string, Rule>();
  readonly #disturbances: { readonly disturbance: Disturbance; left: number }[] = [];
  #events = 0;

  constructor(options: EventBusesOptions) {
    this.#options = options;
    this.#delivery = new Delivery(options);
  }

  /** The undelivered events. */
  get failures(): EventFailure[] {
    return this.#delivery.failures;
  }

  /** Finds a bus by its name in the account, or by ARN. Every account has the default bus. */
  bus(accountId: string, nameOrArn: string = DEFAULT_BUS): EventBus | undefined {
    const arn = this.arnOf(accountId, nameOrArn);
    const known = this.#buses.get(arn);
    const name = busName(arn);
    if (known !== undefined || name !== DEFAULT_BUS) return known;
    const [, , , , owner = ''] = arn.split(':');
    return this.#keep({ accountId: owner, name, arn, statements: new Map() });
  }

  arnOf(accountId: string, nameOrArn: string): string {
    const { region } = this.#options;
    if (nameOrArn.startsWith('arn:')) return nameOrArn;
    return `arn:${partitionOf(region).partition}:events:${region}:${accountId}:event-bus/${nameOrArn}`;
  }

  create(accountId: string, name: string): EventBus {
    if (this.bus(accountId, name) !== undefined)
      throw new Error(`Event bus ${name} already exists in ${accountId}`);
    return this.#keep({
      accountId,
      name,
      arn: this.arnOf(accountId, name),
      statements: new Map(),
    });
  }

  remove(arn: string): void {
    if ([...this.#rules.values()].some(({ busArn }) => busArn === arn))
      throw new Error(`Event bus ${arn} can't be deleted since it has rules.`);
    this.#buses.delete(arn);
  }

  /** Creates or replaces a rule. */
  putRule(rule: Rule): void {
    this.#rules.set(rule.arn, rule);
  }

  removeRule(arn: string): void {
    this.#rules.delete(arn);
  }

  rules(): Rule[] {
    return [...this.#rules.values()];
  }

  /** Makes events lost or doubled on purpose. */
  disturb(disturbance: Disturbance): void {
    const left = disturbance.times ?? Number.POSITIVE_INFINITY;
    this.#disturbances.push({ disturbance, left });
  }

  /**
   * Puts an event of `accountId` onto a bus; the caller has checked the permission. Returns the event's ID at once and delivers later. If
   * the bus does not exist, it returns an ID all the same, as AWS does (LocalStack's recordings of AWS), and the event is lost.
   */
  put(accountId: string, event: NewEvent, busArn = this.arnOf(accountId, DEFAULT_BUS)): string {
    const { clock, region } = this.#options;
    const id = uuid(`event ${(this.#events += 1)}`);
    const receivedAt = clock.now();
    const message: EventMessage = {
      version: '0',
      id,
      'detail-type': event.detailType,
      source: event.source,
      account: accountId,
      time: eventTime(event.time ?? receivedAt),
      region,
      resources: event.resources ?? [],
      detail: event.detail,
    };
    if (this.bus(accountId, busArn) === undefined)
      this.failures.push({ arn: busArn, target: '', reason: 'there is no such event bus' });
    const { copies = 1 } = this.#disturbanceOf(message) ?? {};
    const bring = (): Promise<void> => this.#bring(message, busArn, receivedAt, event.traceHeader);
    for (let copy = 0; copy < copies; copy += 1) clock.run(bring);
    return id;
  }

  #keep(bus: EventBus): EventBus {
    this.#buses.set(bus.arn, bus);
    return bus;
  }

  #disturbanceOf(message: EventMessage): Disturbance | undefined {
    const entry = this.#disturbances.find(
      ({ disturbance, left }) => left > 0 && disturbance.when(message),
    );
    if (entry !== undefined) entry.left -= 1;
    return entry?.disturbance;
  }

  /** Delivers to each target separately: one that is late or fails delays no other. */
  async #bring(
    event: EventMessage,
    busArn: string,
    receivedAt: number,
    traceHeader: string | undefined,
  ): Promise<void> {
    const meant = this.rules().filter(
      (rule) => rule.busArn === busArn && rule.enabled && isMatch(rule.pattern, event),
    );
    await Promise.all(
      meant.flatMap((rule) =>
        rule.targets.map((target) =>
          this.#delivery.bring({ rule, target, event, traceHeader, receivedAt }),
        ),
      ),
    );
  }
}

/** The bus's policy, with the statements from all sources; undefined if there are none. */
export function policyOf({ statements }: EventBus): PolicyDocument | undefined {
  if (statements.size === 0) return undefined;
  return { Version: '2012-10-17', Statement: [...statements.values()] };
}
