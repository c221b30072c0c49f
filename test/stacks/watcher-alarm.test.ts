import { App, Stack } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { describe, expect, it } from 'vitest';
import { WatcherAlarm } from '../../lib/stacks/watcher/watcher-alarm.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

function alarmWith(errorImpact: string): WatcherAlarm {
  const stack = new Stack(new App({ outdir: temporaryDirectory() }));
  return new WatcherAlarm(stack, 'Failing', {
    metric: new Metric({ namespace: 'Test', metricName: 'Errors' }),
    threshold: 1,
    periods: 1,
    what: 'It failed.',
    errorImpact,
    runbook: 'sweep-lost',
    operations: new Topic(stack, 'Topic'),
  });
}

describe('an alarm', () => {
  it('fails for an impact that CloudWatch would not take, before anything is deployed', () => {
    expect(() => alarmWith('x'.repeat(758))).toThrow(
      'the description of alarm Default/Failing has 769 characters; at most 768 leave room for log and runbook: shorten errorImpact',
    );
    expect(() => alarmWith('x'.repeat(757))).not.toThrow();
  });
});
