interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

/** What is paid for by the month whether or not anything happens. */
export interface Standing {
  readonly alarms: number;
  /** Queues that feed a function. */
  readonly polledQueues: number;
}

/** What the watcher's template says of what is paid for by the month, and of how wide the checks run. */
export interface TemplateFacts {
  readonly watching: Standing;
  /** Of reading agreements, which can be switched off. */
  readonly agreements: Standing;
  /** Of the event source of check-licenses, the widest. */
  readonly batchSize: number;
  readonly maxConcurrency: number;
}

/** The construct that reads agreements: its resources' logical IDs begin so. */
const AGREEMENTS = 'ReadAgreements';

export function templateFacts(template: string): TemplateFacts {
  const { Resources: resources } = JSON.parse(template) as {
    Resources: Readonly<Record<string, Resource>>;
  };
  const all = (type: string) => Object.entries(resources).filter(([, { Type }]) => Type === type);
  const sources = all('AWS::Lambda::EventSourceMapping');
  const standing = (of: (id: string) => boolean): Standing => ({
    alarms: all('AWS::CloudWatch::Alarm').filter(([id]) => of(id)).length,
    polledQueues: sources.filter(([id]) => of(id)).length,
  });
  const [checks] = sources
    .map(([, { Properties = {} }]) => ({
      batchSize: Number(Properties['BatchSize']),
      maxConcurrency: Number(
        (Properties['ScalingConfig'] as { MaximumConcurrency?: number }).MaximumConcurrency,
      ),
    }))
    .toSorted((a, b) => b.maxConcurrency - a.maxConcurrency);
  if (checks === undefined) throw new Error('the watcher’s template has no event source');
  return {
    watching: standing((id) => !id.startsWith(AGREEMENTS)),
    agreements: standing((id) => id.startsWith(AGREEMENTS)),
    ...checks,
  };
}
