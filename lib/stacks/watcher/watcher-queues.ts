import { Duration } from 'aws-cdk-lib';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { DeadLetterQueue, WorkQueue } from './work-queue.ts';

/** The queues between the functions, and the queue of lost ticks. */
export class WatcherQueues extends Construct {
  readonly checks: WorkQueue;
  readonly notices: WorkQueue;
  readonly registrations: WorkQueue;
  readonly lostTicks: DeadLetterQueue;

  constructor(scope: Construct, id: string, { operations }: { readonly operations: ITopic }) {
    super(scope, id);
    this.checks = new WorkQueue(this, 'Checks', {
      content: 'checks',
      maxReceiveCount: 5,
      waiting: { errorImpact: 'Buyers are checked late.', runbook: 'checks-waiting' },
      givenUp: {
        errorImpact:
          'The buyers in the message were not checked in that sweep; the next one asks for them again.',
        runbook: 'checks-given-up',
      },
      operations,
    });
    this.notices = new WorkQueue(this, 'Notices', {
      content: 'notices',
      maxReceiveCount: 5,
      waiting: {
        errorImpact: 'Buyers and the seller are told late of what is recorded.',
        runbook: 'notices-waiting',
      },
      givenUp: {
        errorImpact: 'A notice was not sent; every sweep asks for it again until it is told.',
        runbook: 'notices-given-up',
      },
      operations,
    });
    this.registrations = new WorkQueue(this, 'Registrations', {
      content: 'registrations',
      // A fresh role cannot be assumed at once: register-buyer comes back every 15 seconds for 90 seconds.
      maxReceiveCount: 10,
      // The message of a function that died comes back while CloudFormation still waits: it gives up after 5 minutes.
      visibility: Duration.seconds(90),
      waiting: {
        errorImpact: 'A buyer’s deployment waits and will fail after 5 minutes.',
        runbook: 'registrations-waiting',
        // Longer than the wait for a fresh role, and while CloudFormation still waits.
        oldest: Duration.minutes(3),
      },
      givenUp: {
        errorImpact:
          'A buyer’s deployment or deletion was not answered and has failed in the buyer’s account.',
        runbook: 'registrations-given-up',
      },
      operations,
    });
    this.lostTicks = new DeadLetterQueue(this, 'LostTicks', {
      what: 'A sweep was given up.',
      errorImpact: 'No buyer was checked in that tick; the next one checks them all.',
      runbook: 'sweep-lost',
      operations,
    });
  }
}
