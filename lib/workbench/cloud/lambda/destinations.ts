import type { Access } from '../access.ts';
import { AccessDenied } from '../fault.ts';
import { senderIdOf } from '../sqs/service.ts';
import type { Queues } from '../sqs/queues.ts';
import type { FunctionConfiguration } from './function-configuration.ts';
import type { Functions } from './functions.ts';

/** Puts what became of asynchronous events into queues, in the name of the function's role. */
export class Destinations {
  readonly #queues: Queues;
  readonly #access: Access;
  readonly #functions: Functions;
  /** What could not be put anywhere: AWS counts it as DestinationDeliveryFailures and loses it. */
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
