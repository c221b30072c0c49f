import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { METRIC_NAMESPACE, METRICS } from '../../messages/names.ts';
import { WatcherAlarm } from './watcher-alarm.ts';

export interface FleetAlarmsProps {
  readonly deployment: string;
  readonly intervalMinutes: number;
  readonly startSweep: IFunction;
  readonly operations: ITopic;
}

/** Ticks without a sweep, or with failing checks, before it is worth waking somebody. */
const TICKS_UNTIL_ALARM = 3;
/** Fewer failed checks in a tick are single buyers' trouble, which their own ledger tells. */
const FAILED_CHECKS = 3;
/** The time when a contract was last seen is written every 6 hours: beyond this, four slots in a row were missed. */
const OLDEST_LAST_SEEN_HOURS = 26;

/** Alarms on the metrics that the functions themselves publish. */
export class FleetAlarms extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { deployment, intervalMinutes, startSweep, operations }: FleetAlarmsProps,
  ) {
    super(scope, id);
    const metric = (metricName: string, statistic: string, period: Duration): Metric =>
      new Metric({
        namespace: METRIC_NAMESPACE,
        metricName,
        statistic,
        period,
        dimensionsMap: { deployment },
      });
    const tick = Duration.minutes(intervalMinutes);

    new WatcherAlarm(this, 'SweepNotRunning', {
      // Lambda counts invocations free of charge; one that starts and fails has the function's own alarm.
      metric: startSweep.metricInvocations({ period: tick }),
      threshold: 1,
      below: true,
      periods: TICKS_UNTIL_ALARM,
      missingIsTrouble: true,
      what: `No sweep has started for ${TICKS_UNTIL_ALARM} ticks of ${intervalMinutes} minutes.`,
      errorImpact: 'No buyer is watched: changes are seen late, and reminders wait.',
      runbook: 'sweep-not-running',
      operations,
    });
    new WatcherAlarm(this, 'ChecksNotDone', {
      // Every sweep requests at least one range. A comparison with what was requested would cost two metrics and say nothing more.
      metric: metric(METRICS.rangesDone, 'Sum', tick),
      threshold: 1,
      below: true,
      periods: TICKS_UNTIL_ALARM,
      missingIsTrouble: true,
      what: `Not one check was done for ${TICKS_UNTIL_ALARM} ticks of ${intervalMinutes} minutes.`,
      errorImpact: 'No buyer is watched: changes are seen late, and reminders wait.',
      runbook: 'checks-not-done',
      operations,
    });
    new WatcherAlarm(this, 'ChecksFailing', {
      metric: metric(METRICS.checksFailed, 'Sum', tick),
      threshold: FAILED_CHECKS,
      periods: TICKS_UNTIL_ALARM,
      what: `At least ${FAILED_CHECKS} checks failed in each of ${TICKS_UNTIL_ALARM} ticks.`,
      errorImpact:
        'The watcher cannot see these buyers: their changes are seen late, but nobody is told anything false.',
      runbook: 'checks-failing',
      operations,
    });
    new WatcherAlarm(this, 'ChecksDropped', {
      metric: metric(METRICS.checksDropped, 'Sum', Duration.minutes(15)),
      threshold: 1,
      periods: 1,
      what: 'Checks were dropped because they had waited for longer than a tick.',
      errorImpact:
        'Buyers are checked less often than every tick; the next sweep asks for them again.',
      runbook: 'checks-dropped',
      operations,
    });
    new WatcherAlarm(this, 'ContractsUnrecorded', {
      metric: metric(METRICS.contractsUnrecorded, 'Maximum', tick),
      threshold: 1,
      periods: 1,
      what: 'A contract could not be recorded at its last check, and the next sweep had the same problem.',
      errorImpact: 'Changes of that contract are not recorded, and its reminders are not sent.',
      runbook: 'contracts-unrecorded',
      operations,
    });
    new WatcherAlarm(this, 'LastSeenTooOld', {
      // Measured by the first sweep of every hour.
      metric: metric(
        METRICS.lastSeenAgeHours,
        'Maximum',
        tick.toMinutes() > 60 ? tick : Duration.hours(1),
      ),
      threshold: OLDEST_LAST_SEEN_HOURS,
      periods: 1,
      missingIsTrouble: true,
      what: `A contract has not been read for ${OLDEST_LAST_SEEN_HOURS} hours, or it is not known when contracts were last read.`,
      errorImpact: 'What the ledger says about that buyer may be out of date.',
      runbook: 'last-seen-too-old',
      operations,
    });
    new WatcherAlarm(this, 'NoticesFailing', {
      metric: metric(METRICS.noticesFailed, 'Sum', Duration.minutes(15)),
      threshold: 1,
      periods: 1,
      what: 'Notices could not be published.',
      errorImpact: 'Somebody has not been told of a recorded change; every sweep tries again.',
      runbook: 'notices-failing',
      operations,
    });
    new WatcherAlarm(this, 'EventsFailing', {
      metric: metric(METRICS.eventsFailed, 'Sum', tick),
      threshold: 1,
      periods: TICKS_UNTIL_ALARM,
      what: `The event bus did not accept some events in each of ${TICKS_UNTIL_ALARM} ticks.`,
      errorImpact:
        'Whatever listens to the bus gets events late; mails go out, and every tick tries the events again.',
      runbook: 'events-failing',
      operations,
    });
    new WatcherAlarm(this, 'RegistrationsWithheld', {
      metric: metric(METRICS.registrationsWithheld, 'Sum', Duration.minutes(5)),
      threshold: 1,
      periods: 1,
      what: 'A registration or deletion was right in all but its signature: CloudFormation’s bucket refused the answer.',
      errorImpact:
        'Nothing in it took effect. Somebody knows an ExternalId and forges messages, or a buyer’s stack waited too long.',
      runbook: 'registrations-withheld',
      operations,
    });
  }
}
