import type {
  Alarm,
  DeploymentHealth,
  QueueCounts,
  Reading,
  ResourceFacts,
  SourceContent,
} from '../../lib/seller/aws/deployment-health.ts';
import { instant, type Instant } from '../../lib/domain/time.ts';

export function at(text: string): Instant {
  return instant(Date.parse(text));
}

export function read<T>(value: T): Reading<T> {
  return { kind: 'read', value };
}

export function denied(permission: string): Exclude<Reading<never>, { readonly kind: 'read' }> {
  return { kind: 'denied', permission, error: `AccessDenied: may not ${permission}` };
}

/** The resources of a healthy deployment. */
export function resources(changes: Partial<ResourceFacts> = {}): DeploymentHealth['resources'] {
  return read({
    schedule: read({
      name: 'LicenseWatcher-Sweeps',
      enabled: true,
      expression: 'rate(15 minutes)',
    }),
    queues: [
      queue('checks', false),
      queue('notices', false),
      queue('registrations', false),
      queue('checks', true),
      queue('notices', true),
      queue('registrations', true),
      queue('ticks', true),
    ],
    sources: [source('checks'), source('notices'), source('registrations')],
    alarms: read({ alarms: [alarm()], missing: [] }),
    ...changes,
  });
}

export function source(
  content: SourceContent,
  state = 'Enabled',
): ResourceFacts['sources'][number] {
  const uuid = '0a1b2c3d-0000-4000-8000-000000000001';
  return { content, source: read({ uuid, state, reason: 'USER_INITIATED' }) };
}

type Content = ResourceFacts['queues'][number]['queue']['content'];

export function queue(
  content: Content,
  deadLetters: boolean,
  counts: Partial<QueueCounts> | Reading<QueueCounts> = {},
): ResourceFacts['queues'][number] {
  const told = 'kind' in counts ? counts : read({ waiting: 0, inWork: 0, ...counts });
  return { queue: { content, deadLetters }, counts: told };
}

export function alarm(changes: Partial<Alarm> = {}): Alarm {
  return {
    name: 'LicenseWatcher-AlarmsSweepNotRunning',
    state: 'OK',
    reason: 'Threshold Crossed: no datapoints were received',
    since: at('2026-02-28T12:00:00Z'),
    description:
      'No sweep has started for 3 ticks of 15 minutes. No buyer is watched: changes are seen late, and reminders wait. Runbook: docs/runbook.md#sweep-not-running',
    notifies: true,
    ...changes,
  };
}

/** A deployment that is healthy at 2026-03-01T10:00:00Z. */
export function healthy(changes: Partial<DeploymentHealth> = {}): DeploymentHealth {
  const confirmed = (endpoint: string) => read([{ protocol: 'email', endpoint, confirmed: true }]);
  return {
    stack: {
      name: 'LicenseWatcher',
      status: 'UPDATE_COMPLETE',
      statusReason: null,
      createdAt: at('2026-01-01T00:00:00Z'),
      missingOutputs: [],
    },
    resources: resources(),
    lastSweep: read({ tick: at('2026-03-01T09:45:00Z'), buyers: 2 }),
    checks: read([
      { at: at('2026-03-01T08:45:00Z'), done: 4 },
      { at: at('2026-03-01T09:45:00Z'), done: 1 },
    ]),
    topics: [
      {
        topic: 'seller',
        arn: 'arn:aws:sns:us-east-1:999900001111:seller',
        subscriptions: confirmed('me@example.com'),
      },
      {
        topic: 'operations',
        arn: 'arn:aws:sns:us-east-1:999900001111:operations',
        subscriptions: confirmed('ops@example.com'),
      },
    ],
    ...changes,
  };
}
