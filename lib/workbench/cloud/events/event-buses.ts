import { AccessDenied, type Access } from '../access.ts';
import type { PolicyDocument } from '../authorizer.ts';
import type { CloudClock } from '../clock.ts';
import type { MessageAttributes } from '../sqs/message.ts';
import type { Queues } from '../sqs/queues.ts';
import { partitionOf } from '../templates/stack.ts';
import { uuid } from '../templates/custom-resources.ts';
import { isMatch, type EventPattern } from './event-pattern.ts';

export interface EventBus {
  readonly accountId: string;
  readonly name: string;
  readonly arn: string;
  /** By their IDs. */
  readonly statements: Map<string, object>;
}

export interface Target {
  readonly id: string;
  readonly arn: string;
  readonly deadLetterArn: string | undefined;
}

export interface Rule {
  readonly accountId: string;
  readonly name: string;
  readonly arn: string;
  readonly busArn: string;
  readonly pattern: EventPattern;
  readonly enabled: boolean;
  readonly targets: readonly Target[];
}

/** What somebody, or AWS itself, puts onto a bus. */
export interface NewEvent {
  readonly source: string;
  readonly detailType: string;
  readonly detail: object;
  readonly resources?: readonly string[];
  /** Epoch milliseconds; default: now. */
  readonly time?: number;
  readonly traceHeader?: string | undefined;
}

/** As targets get it. */
export type EventMessage = Readonly<Record<string, unknown>>;

/** What EventBridge does not promise against: an event may be lost, doubled, or late. */
export interface Disturbance {
  readonly when: (event: EventMessage) => boolean;
  /** How often the event reaches its targets: 0 is lost, 2 doubled; default: once. */
  readonly copies?: number;
  readonly delayMs?: number;
  /** How many events it meets before it is over; until ended, if left out. */
  readonly times?: number;
}

export interface EventFailure {
  readonly arn: string;
  readonly target: string;
  readonly reason: string;
}

const DEFAULT_BUS = 'default';

export interface EventBusesOptions {
  readonly clock: CloudClock;
  readonly access: Access;
  readonly queues: Queues;
  readonly region: string;
}

/**
 * EventBridge: the buses of all accounts and their rules, with queues as targets. A refusal goes to the dead-letter queue at once:
 * EventBridge does not retry for lack of permission or of the target (user guide), and no other failure exists here.
 */
export class EventBuses {
  readonly #options: EventBusesOptions;
  readonly #buses = new Map<string, EventBus>();
  readonly #rules = new Map<string, Rule>();
  #disturbances: { readonly disturbance: Disturbance; left: number }[] = [];
  #events = 0;
  /** What nobody got: AWS counts it as FailedInvocations, and says nothing at all of an event to a bus that does not exist. */
  readonly failures: EventFailure[] = [];

  constructor(options: EventBusesOptions) {
    this.#options = options;
  }

  /** By name in the account, or by ARN. Every account has the default bus. */
  bus(accountId: string, nameOrArn: string = DEFAULT_BUS): EventBus | undefined {
    const arn = this.arnOf(accountId, nameOrArn);
    const known = this.#buses.get(arn);
    const name = arn.slice(arn.indexOf('/') + 1);
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

  /** Makes or replaces a rule. */
  putRule(rule: Rule): void {
    this.#rules.set(rule.arn, rule);
  }

  removeRule(arn: string): void {
    this.#rules.delete(arn);
  }

  rules(): Rule[] {
    return [...this.#rules.values()];
  }

  /** Lets events be lost, doubled or late on purpose; answers with the end of it. */
  disturb(disturbance: Disturbance): () => void {
    const entry = { disturbance, left: disturbance.times ?? Number.POSITIVE_INFINITY };
    this.#disturbances.push(entry);
    return () => {
      this.#disturbances = this.#disturbances.filter((each) => each !== entry);
    };
  }

  /**
   * Puts an event of `accountId` onto a bus; whether it may is decided before. Answers with the event's ID as soon as EventBridge has it:
   * targets get it by themselves. To a bus that does not exist it answers the same, as AWS does (LocalStack's recordings of AWS), and the event is lost.
   */
  put(accountId: string, event: NewEvent, busArn = this.arnOf(accountId, DEFAULT_BUS)): string {
    const { clock, region } = this.#options;
    const id = uuid(`event ${(this.#events += 1)}`);
    const message: EventMessage = {
      version: '0',
      id,
      'detail-type': event.detailType,
      source: event.source,
      account: accountId,
      time: new Date(event.time ?? clock.now()).toISOString().replace(/\.\d+Z$/, 'Z'),
      region,
      resources: event.resources ?? [],
      detail: event.detail,
    };
    if (this.bus(accountId, busArn) === undefined)
      this.failures.push({ arn: busArn, target: '', reason: 'there is no such event bus' });
    const { copies = 1, delayMs = 0 } = this.#disturbanceOf(message) ?? {};
    const bring = (): Promise<void> => this.#bring(message, busArn, event.traceHeader);
    for (let copy = 0; copy < copies; copy += 1)
      if (delayMs === 0) clock.run(bring);
      else clock.schedule(clock.now() + delayMs, bring);
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

  async #bring(message: EventMessage, busArn: string, traceHeader?: string): Promise<void> {
    const meant = this.rules().filter(
      (rule) => rule.busArn === busArn && rule.enabled && isMatch(rule.pattern, message),
    );
    const body = JSON.stringify(message);
    for (const rule of meant)
      for (const target of rule.targets) {
        const refusal = await this.#send(rule, target.arn, body, {}, traceHeader);
        if (refusal !== undefined) await this.#fail(rule, target, body, refusal);
      }
  }

  /** In the name of EventBridge, on behalf of the rule: the queue's policy decides. Answers with why the queue did not take it. */
  async #send(
    rule: Rule,
    queueArn: string,
    body: string,
    attributes: MessageAttributes,
    traceHeader?: string,
  ): Promise<Refusal | undefined> {
    const { queues, access } = this.#options;
    const { accountId, arn: sourceArn } = rule;
    const caller = {
      kind: 'service',
      service: 'events.amazonaws.com',
      accountId,
      sourceArn,
    } as const;
    const queue = queues.byArn(queueArn);
    if (queue === undefined)
      return { code: 'NO_RESOURCE', message: 'The specified queue does not exist.' };
    if (Buffer.byteLength(body) > queue.settings.maximumMessageSize)
      return { code: 'INVALID_PARAMETER', message: 'The message is too long for the queue.' };
    try {
      await queue.require(access, { caller }, 'sqs:SendMessage');
    } catch (error) {
      if (!(error instanceof AccessDenied)) throw error;
      return { code: 'NO_PERMISSIONS', message: error.message };
    }
    queue.send({ body, attributes, traceHeader }, SENDER);
    return undefined;
  }

  async #fail(rule: Rule, target: Target, body: string, refusal: Refusal): Promise<void> {
    const { deadLetterArn } = target;
    this.failures.push({ arn: rule.arn, target: target.arn, reason: refusal.message });
    if (deadLetterArn === undefined) return;
    const attributes = textAttributes({
      RULE_ARN: rule.arn,
      TARGET_ARN: target.arn,
      ERROR_CODE: refusal.code,
      ERROR_MESSAGE: refusal.message,
    });
    const lost = await this.#send(rule, deadLetterArn, body, attributes);
    if (lost !== undefined)
      this.failures.push({
        arn: rule.arn,
        target: deadLetterArn,
        reason: `dead letter: ${lost.message}`,
      });
  }
}

interface Refusal {
  readonly code: string;
  readonly message: string;
}

/** Who sent it, as the message's SenderId has it: AWS's own. */
const SENDER = 'AIDAEVENTBRIDGELOCALX';

/** The bus's policy: its statements, whoever put them there; undefined: none. */
export function policyOf({ statements }: EventBus): PolicyDocument | undefined {
  if (statements.size === 0) return undefined;
  return { Version: '2012-10-17', Statement: [...statements.values()] };
}

function textAttributes(values: Readonly<Record<string, string>>): MessageAttributes {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      { DataType: 'String', StringValue: value },
    ]),
  );
}
