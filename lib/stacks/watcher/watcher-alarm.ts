import { Stack } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  TreatMissingData,
  type IMetric,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';

export interface WatcherAlarmProps {
  readonly metric: IMetric;
  /** The alarm rings at this value and above; with `below`, under it. */
  readonly threshold: number;
  readonly below?: boolean;
  /** Consecutive periods of the metric. */
  readonly periods: number;
  /** True if missing data is itself the trouble. */
  readonly missingIsTrouble?: boolean;
  /** What happened, in one sentence. */
  readonly what: string;
  /** Who suffers what from it: one sentence, printed in the alarm's mail. */
  readonly errorImpact: string;
  /** The heading in docs/runbook.md; a test compares the two. */
  readonly runbook: string;
  /** The log to look at first. */
  readonly logGroup?: ILogGroup;
  readonly operations: ITopic;
}

/** CloudWatch's own limit for an alarm's description. */
const LONGEST_DESCRIPTION = 1024;

/** An alarm whose description says what is wrong, who suffers and where to read on. It mails only bad news, not recovery. */
export class WatcherAlarm extends Construct {
  constructor(scope: Construct, id: string, props: WatcherAlarmProps) {
    super(scope, id);
    new Alarm(this, 'Resource', {
      metric: props.metric,
      threshold: props.threshold,
      evaluationPeriods: props.periods,
      comparisonOperator:
        props.below === true
          ? ComparisonOperator.LESS_THAN_THRESHOLD
          : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData:
        props.missingIsTrouble === true
          ? TreatMissingData.BREACHING
          : TreatMissingData.NOT_BREACHING,
      alarmDescription: this.#description(props),
    }).addAlarmAction(new SnsAction(props.operations));
  }

  #description({ what, errorImpact, runbook, logGroup }: WatcherAlarmProps): string {
    const text = `${what} ${errorImpact}`;
    const further = `Runbook: docs/runbook.md#${runbook}`;
    if (text.length > LONGEST_DESCRIPTION - 256) {
      throw new Error(
        `the description of alarm ${this.node.path} has ${text.length} characters; at most ${LONGEST_DESCRIPTION - 256} leave room for log and runbook: shorten errorImpact`,
      );
    }
    if (logGroup === undefined) return `${text} ${further}`;
    return `${text} Logs: aws logs tail ${logGroup.logGroupName} --since 1h --region ${Stack.of(this).region}. ${further}`;
  }
}
