import type { Access } from '../access.ts';
import { AccessDenied } from '../fault.ts';
import { senderIdOf } from '../sqs/service.ts';
import type { Queues } from '../sqs/queues.ts';
import type { FunctionConfiguration } from './function-configuration.ts';
import type { Functions } from './functions.ts';

/** Puts records of asynchronous events into queues, with the function's role. */
export class Destinations {
  readonly #queues: Queues;
  readonly #access: Access;
  readonly #functions: Functions;
  /** The records that could not be put into a queue: AWS counts them as DestinationDeliveryFailures and loses them. */
  readonly failures: { readonly targetArn: string; readonly reason: string }[] = [];

  constructor(queues: Queues, access: Access, functions: Functions) {
    this.#queues = queues;
    this.#access = access;
    this.#functions = functions;
  }

  async send(targetArn: string, source: FunctionConfiguration, body: object): Promise<void> {
    const caller = this.#functions.callerOf(source);
    const queue = this.#queues.byArn(targetArn);
    try {
      if (queue === undefined) throw new AccessDenied('there is no such queue');
      await queue.require(this.#access, { caller }, 'sqs:SendMessage');
      queue.send({ body: JSON.stringify(body), attributes: {} }, senderIdOf(caller));
    } catch (error) {
      if (!(error instanceof AccessDenied)) throw error;
      this.failures.push({ targetArn, reason: error.message });
    }
  }
}
