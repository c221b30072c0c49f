import type { Access } from '../access.ts';
import type { CloudClock } from '../clock.ts';
import { AccessDenied, AwsFault } from '../fault.ts';
import type { RoleSessions } from '../lambda/functions.ts';
import type { Topics } from '../sns/topics.ts';
import { MAX_BYTES, type MessageAttributes } from '../sqs/message.ts';
import type { Queues } from '../sqs/queues.ts';
import type { ApiDestinations } from './api-destinations.ts';
import { callEndpoint, type Hosts } from './endpoint-call.ts';
import type { EventMessage } from './event-message.ts';
import type { Rule, Target } from './rule.ts';

export interface EventFailure {
  readonly arn: string;
  readonly target: string;
  readonly reason: string;
}

export interface DeliverySurroundings {
  readonly clock: CloudClock;
  readonly access: Access;
  readonly queues: Queues;
  readonly topics: Topics;
  readonly roles: RoleSessions;
  readonly apiDestinations: ApiDestinations;
  /** The servers to which the host names of endpoints lead. */
  readonly hosts: Hosts;
  /** How long an endpoint may take, in the machine's time; default: EventBridge's limit. */
  readonly endpointTimeoutMs?: number;
}

/** An event on its way to one target. */
interface Sending {
  readonly rule: Rule;
  readonly target: Target;
  readonly event: EventMessage;
  readonly traceHeader: string | undefined;
  /** Epoch milliseconds. */
  readonly receivedAt: number;
  retries: number;
}

interface Refusal {
  readonly code: string;
  readonly message: string;
  /** The cause may pass by itself. */
  readonly isTransient?: boolean;
  /** Seconds for which the target asks to be left alone; negative: forever. */
  readonly retryAfter?: number;
}

/** The message's SenderId: AWS itself. */
const SENDER = 'AIDAEVENTBRIDGELOCALX';

/** "Exponential back off" (user guide, which names no times and adds jitter): here it doubles from 1 second to at most 15 minutes. */
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 900_000;

/**
 * Delivers events to targets. Without permission or without the target, an event goes to the dead-letter queue at once: "all retry attempts
 * fail until an action is taken" (user guide). A failure that may pass is retried as the target's retry policy says.
 */
export class Delivery {
  readonly #surroundings: DeliverySurroundings;
  /** The undelivered events: AWS counts them as FailedInvocations. It reports nothing about an event to a bus that does not exist. */
  readonly failures: EventFailure[] = [];

  constructor(surroundings: DeliverySurroundings) {
    this.#surroundings = surroundings;
  }

  async bring(sending: Omit<Sending, 'retries'>): Promise<void> {
    await this.#attempt({ ...sending, retries: 0 });
  }

  /** Tries to deliver as soon as the target's rate allows it. */
  async #attempt(sending: Sending): Promise<void> {
    const { clock, apiDestinations } = this.#surroundings;
    const destination = apiDestinations.byArn(sending.target.arn);
    const at = destination === undefined ? 0 : apiDestinations.turn(destination, clock.now());
    if (at <= clock.now()) await this.#attemptNow(sending);
    else clock.schedule(at, () => this.#attemptNow(sending));
  }

  async #attemptNow(sending: Sending): Promise<void> {
    const refusal = await this.#send(sending);
    if (refusal === undefined) return;
    const { clock } = this.#surroundings;
    const { attempts, ageSeconds } = sending.target.retry;
    const { retries, receivedAt } = sending;
    // "EventBridge chooses the more conservative value"; "if Retry-After is negative, EventBridge stops retrying" (user guide).
    const { retryAfter = 0 } = refusal;
    if (refusal.isTransient !== true || retryAfter < 0) return this.#fail(sending, refusal);
    if (retries >= attempts) return this.#fail(sending, refusal, 'MaximumRetryAttempts');
    const wait = Math.min(FIRST_WAIT_MS * 2 ** retries, LONGEST_WAIT_MS);
    const next = clock.now() + Math.max(wait, retryAfter * 1_000);
    if (next > receivedAt + ageSeconds * 1_000)
      return this.#fail(sending, refusal, 'MaximumEventAgeInSeconds');
    sending.retries += 1;
    clock.schedule(next, () => this.#attempt(sending));
  }

  /** Sends as EventBridge on behalf of the rule, if the target's policy allows it. Returns why the target refused, or undefined. */
  #send({ rule, target, event, traceHeader }: Sending): Promise<Refusal | undefined> {
    const body = target.input(event);
    const [, , service] = target.arn.split(':');
    if (service === 'events') return this.#toEndpoint(rule, target, body);
    if (service === 'sns') return this.#toTopic(rule, target.arn, body);
    return this.#toQueue(rule, target.arn, body, {}, traceHeader);
  }

  async #toQueue(
    rule: Rule,
    queueArn: string,
    body: string,
    attributes: MessageAttributes,
    traceHeader?: string,
  ): Promise<Refusal | undefined> {
    const { queues, access } = this.#surroundings;
    const queue = queues.byArn(queueArn);
    if (queue === undefined)
      return { code: 'NO_RESOURCE', message: 'The specified queue does not exist.' };
    if (Buffer.byteLength(body) > MAX_BYTES)
      return { code: 'INVALID_PARAMETER', message: 'The message is too long for the queue.' };
    try {
      await queue.require(access, { caller: callerOf(rule) }, 'sqs:SendMessage');
    } catch (error) {
      if (!(error instanceof AccessDenied)) throw error;
      return { code: 'NO_PERMISSIONS', message: error.message };
    }
    queue.send({ body, attributes, traceHeader }, SENDER);
    return undefined;
  }

  async #toTopic(rule: Rule, topicArn: string, message: string): Promise<Refusal | undefined> {
    try {
      await this.#surroundings.topics.publish(topicArn, { message }, callerOf(rule));
      return undefined;
    } catch (error) {
      if (error instanceof AccessDenied) return { code: 'NO_PERMISSIONS', message: error.message };
      if (!(error instanceof AwsFault)) throw error;
      const code = error.code === 'NotFound' ? 'NO_RESOURCE' : 'INVALID_PARAMETER';
      return { code, message: error.message };
    }
  }

  /** Calls an API destination with the target's role; `#attempt` keeps the destination's rate. */
  async #toEndpoint(rule: Rule, target: Target, body: string): Promise<Refusal | undefined> {
    const { access, apiDestinations, hosts, endpointTimeoutMs: timeoutMs } = this.#surroundings;
    const destination = apiDestinations.byArn(target.arn);
    const connection = apiDestinations.connection(destination?.connectionArn ?? '');
    if (destination === undefined || connection === undefined)
      return { code: 'NO_RESOURCE', message: `API destination ${target.arn} does not exist.` };
    try {
      const caller = await this.#assume(rule, target);
      const { arn, accountId } = destination;
      await access.require({ caller }, 'events:InvokeApiDestination', arn, accountId);
    } catch (error) {
      if (!(error instanceof AccessDenied)) throw error;
      return { code: 'NO_PERMISSIONS', message: error.message };
    }
    return callEndpoint(destination, connection, body, { hosts, timeoutMs });
  }

  async #assume(rule: Rule, { roleArn = '' }: Target) {
    const service = 'events.amazonaws.com';
    const session = await this.#surroundings.roles.session(service, roleArn, 'rule', rule.arn);
    const { accountId } = rule;
    return { kind: 'role', accountId, arn: roleArn, sessionArn: session.sessionArn } as const;
  }

  /** Sends the unchanged event to the dead-letter queue, with the attributes of the user guide ("Using dead-letter queues"). */
  async #fail(
    { rule, target, event, retries }: Sending,
    { code, message }: Refusal,
    exhausted?: string,
  ): Promise<void> {
    const { deadLetterArn, arn } = target;
    this.failures.push({ arn: rule.arn, target: arn, reason: message });
    if (deadLetterArn === undefined) return;
    const attributes = textAttributes({
      RULE_ARN: rule.arn,
      TARGET_ARN: arn,
      ERROR_CODE: code,
      ERROR_MESSAGE: message,
      ...(exhausted !== undefined && {
        EXHAUSTED_RETRY_CONDITION: exhausted,
        RETRY_ATTEMPTS: String(retries),
      }),
    });
    const lost = await this.#toQueue(rule, deadLetterArn, JSON.stringify(event), attributes);
    if (lost !== undefined)
      this.failures.push({
        arn: rule.arn,
        target: deadLetterArn,
        reason: `dead letter: ${lost.message}`,
      });
  }
}

function callerOf({ accountId, arn }: Rule) {
  const service = 'events.amazonaws.com';
  return { kind: 'service', service, accountId, sourceArn: arn } as const;
}

function textAttributes(values: Readonly<Record<string, string>>): MessageAttributes {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      { DataType: 'String', StringValue: value },
    ]),
  );
}
