import { arnIn, textProperty, type ResourceHandler } from '../resource.ts';

export interface LogLine {
  /** Epoch milliseconds of the cloud's time. */
  readonly at: number;
  readonly logStream: string;
  readonly text: string;
}

const LINES_KEPT = 5000;

/** The last lines of each log group. They are limited by number, not by age: nothing here outlives the process. */
export class LogRing {
  readonly #groups = new Map<string, LogLine[]>();

  append(logGroup: string, line: LogLine): void {
    const lines = this.#groups.get(logGroup) ?? [];
    this.#groups.set(logGroup, lines);
    lines.push(line);
    if (lines.length > 2 * LINES_KEPT) lines.splice(0, lines.length - LINES_KEPT);
  }

  lines(logGroup: string): readonly LogLine[] {
    return (this.#groups.get(logGroup) ?? []).slice(-LINES_KEPT);
  }

  groups(): string[] {
    return [...this.#groups.keys()];
  }
}

/** AWS::Logs::LogGroup, without effect: functions log into the group they name, whether or not a template created it. */
export function logGroupHandler(): ResourceHandler {
  return {
    type: 'AWS::Logs::LogGroup',
    properties: 'LogGroupClass LogGroupName RetentionInDays Tags',
    put: (properties, context) => {
      const name = textProperty(properties, 'LogGroupName', context.generatedName(512));
      // CloudFormation's `Arn` of a log group ends in `:*`.
      const Arn = arnIn(context, 'logs', `log-group:${name}:*`);
      return { physicalId: name, attributes: { Arn } };
    },
    remove: () => undefined,
  };
}
