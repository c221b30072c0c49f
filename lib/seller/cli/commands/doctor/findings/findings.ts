import type { DeploymentHealth } from '../../../../aws/deployment-health/deployment-health.ts';
import { alarmFindings } from './alarms.ts';
import type { Finding } from './finding.ts';
import { mailFindings } from './mail.ts';
import { queueFindings } from './queues.ts';
import { stackFindings } from './stack.ts';
import { sweepFindings } from './sweeps.ts';

export interface Circumstances {
  /** Epoch milliseconds. */
  readonly now: number;
  readonly local: boolean;
  /** Whether the command line could connect to it. */
  readonly usable: boolean;
}

/** What the facts of a deployment mean, buyers apart. */
export function findingsOf(
  health: DeploymentHealth,
  { now, local, usable }: Circumstances,
): readonly Finding[] {
  return [
    ...stackFindings(health, usable),
    ...sweepFindings(health, now),
    ...queueFindings(health),
    ...alarmFindings(health, local),
    ...mailFindings(health),
  ];
}
