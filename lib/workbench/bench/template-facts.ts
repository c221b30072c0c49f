interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

/** What the watcher's template says of what is paid for by the month, and of how wide the checks run. */
export interface TemplateFacts {
  readonly alarms: number;
  /** Queues that feed a function. */
  readonly polledQueues: number;
  /** Of the event source of check-licenses, the widest. */
  readonly batchSize: number;
  readonly maxConcurrency: number;
}

export function readTemplate(template: string): TemplateFacts {
  const { Resources: resources } = JSON.parse(template) as {
    Resources: Readonly<Record<string, Resource>>;
  };
  const all = (type: string) => Object.values(resources).filter(({ Type }) => Type === type);
  const sources = all('AWS::Lambda::EventSourceMapping').map(({ Properties = {} }) => ({
    batchSize: Number(Properties['BatchSize']),
    maxConcurrency: Number(
      (Properties['ScalingConfig'] as { MaximumConcurrency?: number }).MaximumConcurrency,
    ),
  }));
  const checks = sources.toSorted((a, b) => b.maxConcurrency - a.maxConcurrency)[0];
  if (checks === undefined) throw new Error('the watcher’s template has no event source');
  return { alarms: all('AWS::CloudWatch::Alarm').length, polledQueues: sources.length, ...checks };
}
