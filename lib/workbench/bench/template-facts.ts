interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

/** The resources with a monthly price, whether or not anything happens. */
export interface PricedResources {
  readonly alarms: number;
  /** Queues that feed a function. */
  readonly polledQueues: number;
}

/** Facts from the watcher's template: the resources with a monthly price, and how many checks may run side by side. */
export interface TemplateFacts {
  readonly watching: PricedResources;
  /** The resources for reading agreements, which can be switched off. */
  readonly agreements: PricedResources;
  /** From the widest event source, that of check-licenses. */
  readonly batchSize: number;
  readonly maxConcurrency: number;
}

/** The construct that reads agreements; the logical IDs of its resources begin with this. */
const AGREEMENTS = 'ReadAgreements';

export function templateFacts(template: string): TemplateFacts {
  const { Resources: resources } = JSON.parse(template) as {
    Resources: Readonly<Record<string, Resource>>;
  };
  const all = (type: string) => Object.entries(resources).filter(([, { Type }]) => Type === type);
  const sources = all('AWS::Lambda::EventSourceMapping');
  const standing = (of: (id: string) => boolean): PricedResources => ({
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
