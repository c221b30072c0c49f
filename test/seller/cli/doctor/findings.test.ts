import { readFileSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import type { DeploymentHealth } from '../../../../lib/seller/aws/deployment-health.ts';
import type { HealthFinding } from '../../../../lib/seller/cli/commands/doctor/finding.ts';
import { waitingEventsFinding } from '../../../../lib/seller/cli/commands/doctor/queues.ts';
import { findingsOf } from '../../../../lib/seller/cli/commands/doctor/stack.ts';
import { lastSeenFinding } from '../../../../lib/seller/cli/commands/doctor/sweeps.ts';
import type { LastSeen } from '../../../../lib/domain/check/last-seen.ts';
import { contractKey } from '../../../../lib/domain/license/contract.ts';
import { HOUR, instant, plus } from '../../../../lib/domain/time.ts';
import {
  alarm,
  at,
  denied,
  healthy,
  queue,
  read,
  resources,
  source,
} from '../../../support/health.ts';
import { aNotice } from '../../../support/records.ts';

const NOW = Date.parse('2026-03-01T10:00:00Z');
const HERE = { now: NOW, local: false, usable: true };
const HEADINGS = [...readFileSync('docs/runbook.md', 'utf8').matchAll(/^### (.+)$/gm)].map(
  ([, heading]) => heading,
);

function ill(changes: Partial<DeploymentHealth>, here = HERE): readonly HealthFinding[] {
  return findingsOf(healthy(changes), here).filter(({ level }) => level !== 'ok');
}

/** Everything that is not well, in one word each, with what it says. */
function said(changes: Partial<DeploymentHealth>, here = HERE): readonly string[] {
  const findings = ill(changes, here);
  for (const { what, remedy, runbook } of findings) {
    expect(remedy).toMatch(/./);
    // No deployment brings back what somebody deleted.
    if (/ gone$|has no schedule/.test(what)) expect(remedy).toContain('After a deletion by hand');
    if (runbook !== null) expect(HEADINGS).toContain(runbook);
  }
  return findings.map(({ area, level, what }) => `${area} ${level}: ${what}`);
}

function stack(changes: Partial<DeploymentHealth['stack']>): Partial<DeploymentHealth> {
  return { stack: { ...healthy().stack, ...changes } };
}

it('finds nothing wrong where nothing is', () => {
  const findings = findingsOf(healthy(), HERE);
  expect(findings.map(({ area, level, what }) => `${area} ${level}: ${what}`)).toEqual([
    'stack ok: stack LicenseWatcher is UPDATE_COMPLETE',
    'stack ok: all its outputs are there',
    'sweeps ok: the schedule is enabled: rate(15 minutes)',
    'sweeps ok: the last sweep is of 2026-03-01 09:45 UTC, over 2 buyers',
    'sweeps ok: 5 ranges of checks done since 2026-03-01 08:45 UTC',
    'queues ok: checks: nothing waiting, nothing in work',
    'queues ok: notices: nothing waiting, nothing in work',
    'queues ok: registrations: nothing waiting, nothing in work',
    'queues ok: no dead letters of checks, notices, registrations, ticks',
    'alarms ok: 1 alarm OK',
    'mail ok: the seller topic reaches me@example.com',
    'mail ok: the operations topic reaches ops@example.com',
  ]);
});

describe('the stack', () => {
  test.each([
    ['CREATE_COMPLETE', undefined],
    ['UPDATE_IN_PROGRESS', 'warning'],
    ['UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', 'warning'],
    ['UPDATE_ROLLBACK_COMPLETE', 'warning'],
    ['UPDATE_ROLLBACK_FAILED', 'failure'],
    ['ROLLBACK_COMPLETE', 'failure'],
    ['DELETE_FAILED', 'failure'],
  ])('%s', (status, level) => {
    expect(ill(stack({ status }))[0]?.level).toBe(level);
  });

  it('of an older version lacks outputs: a failure where nobody can connect to it', () => {
    const lacking = stack({ missingOutputs: ['TemplateBucketName', 'TemplateAccess'] });
    expect(said(lacking)).toEqual([
      'stack warning: 2 outputs are missing: TemplateBucketName, TemplateAccess',
    ]);
    expect(said(stack({ missingOutputs: ['Products'] }), { ...HERE, usable: false })).toEqual([
      'stack failure: an output is missing: Products',
    ]);
  });

  it('whose resources may not be listed is looked at as far as it goes', () => {
    expect(said({ resources: denied('cloudformation:ListStackResources') })).toEqual([
      'stack warning: the list of its resources, and so schedule, queues and alarms, could not be read: it needs the permission cloudformation:ListStackResources',
    ]);
  });
});

describe('sweeps', () => {
  test.each([
    ['2026-03-01T09:15:00Z', []],
    [
      '2026-03-01T09:14:00Z',
      ['sweeps failure: the last sweep is of 2026-03-01 09:14 UTC, over 1 buyer: 46 minutes ago'],
    ],
    [
      '2026-02-26T09:14:00Z',
      ['sweeps failure: the last sweep is of 2026-02-26 09:14 UTC, over 1 buyer: 3 days ago'],
    ],
  ])('are late after three intervals: %s', (tick, expected) => {
    expect(said({ lastSweep: read({ tick: at(tick), buyers: 1 }) })).toEqual(expected);
  });

  it('are late by the interval of the schedule', () => {
    const hourly = resources({
      schedule: read({ name: 's', enabled: true, expression: 'rate(1 hour)' }),
    });
    expect(
      said({ resources: hourly, lastSweep: read({ tick: at('2026-03-01T07:00:00Z'), buyers: 1 }) }),
    ).toEqual([]);
    expect(
      said({ resources: hourly, lastSweep: read({ tick: at('2026-03-01T06:59:00Z'), buyers: 1 }) }),
    ).toHaveLength(1);
  });

  it.each([
    ['checks', 'check-licenses', 'checks-not-done'],
    ['notices', 'send-notices', 'notices-waiting'],
    ['registrations', 'register-buyer', 'registrations-waiting'],
  ] as const)('whose %s nobody takes', (content, name, runbook) => {
    for (const state of ['Disabled', 'Disabling', 'Deleting', 'unknown']) {
      const changes = { resources: resources({ sources: [source(content, state)] }) };
      expect(said(changes)).toEqual([
        `sweeps failure: ${name} takes no messages of the ${content} queue: its event source mapping is ${state}`,
      ]);
      expect(ill(changes)[0]).toMatchObject({
        remedy: expect.stringContaining('--enabled --uuid 0a1b2c3d') as string,
        runbook,
      });
    }
    for (const state of ['Enabled', 'Enabling', 'Updating'])
      expect(said({ resources: resources({ sources: [source(content, state)] }) })).toEqual([]);
    const unseen = { content, source: denied('lambda:GetEventSourceMapping') };
    expect(said({ resources: resources({ sources: [unseen] }) })).toEqual([
      `sweeps warning: the event source mapping of the ${content} queue could not be read: it needs the permission lambda:GetEventSourceMapping`,
    ]);
  });

  describe('of which every one asks for checks', () => {
    const hour = (hours: string, done: number) => ({ at: at(`2026-03-01T${hours}:45:00Z`), done });

    it('and none was done, in the last three ticks and the hour they lie in', () => {
      const never = [hour('06', 4), hour('07', 4)];
      expect(said({ checks: read(never) })).toEqual([
        'sweeps failure: sweeps have asked for checks since 2026-03-01 08:45 UTC, and none was done',
      ]);
      expect(said({ checks: read([...never, hour('09', 1)]) })).toEqual([]);
      expect(said({ checks: read([]) })).toHaveLength(1);
    });

    it('by an interval that is longer: no hour of it is left out', () => {
      const daily = resources({
        schedule: read({ name: 's', enabled: true, expression: 'rate(8 hours)' }),
      });
      expect(said({ resources: daily, checks: read([hour('01', 8)]) })).toEqual([]);
    });

    it('nobody knows of a stack that is minutes old, or may not', () => {
      const young = stack({ createdAt: at('2026-03-01T09:30:00Z') });
      expect(said({ ...young, checks: read([]) })).toEqual([
        'sweeps warning: no metric says yet whether checks are done',
      ]);
      expect(said({ checks: denied('cloudwatch:GetMetricStatistics') })).toEqual([
        'sweeps warning: how many checks were done could not be read: it needs the permission cloudwatch:GetMetricStatistics',
      ]);
    });
  });

  it('that never started are no failure of a stack that is minutes old', () => {
    expect(
      said({ lastSweep: read(null), ...stack({ createdAt: at('2026-03-01T09:30:00Z') }) }),
    ).toEqual(['sweeps warning: no sweep has started yet']);
    expect(said({ lastSweep: read(null) })).toEqual([
      'sweeps failure: no sweep has started in the last days',
    ]);
  });

  const rate = (name: string, enabled: boolean, expression = 'rate(15 minutes)') =>
    read({ name, enabled, expression });
  const gone = { kind: 'gone', error: 'ResourceNotFoundException: x' } as const;
  const failed = { kind: 'failed', error: 'TimeoutError: x' } as const;
  const BY_HAND = 'cron(0 * * * ? *)';
  test.each([
    ['disabled', rate('s-1', false), 'failure: the schedule s-1 is disabled'],
    ['not in the stack', undefined, 'failure: the stack has no schedule'],
    ['deleted by hand', gone, 'failure: the schedule: it is gone'],
    ['unreadable', failed, 'failure: the schedule could not be read'],
    [
      'changed by hand',
      rate('s', true, BY_HAND),
      `warning: the schedule is ${BY_HAND}, which no version of the watcher sets`,
    ],
  ])('with a schedule that is %s', (_how, schedule, expected) => {
    expect(said({ resources: resources({ schedule }) })).toEqual([`sweeps ${expected}`]);
  });

  it('are not judged where the output that names the table is missing: that is said already', () => {
    expect(
      said({ lastSweep: undefined, ...stack({ missingOutputs: ['WatchTableName'] }) }),
    ).toHaveLength(1);
  });
});

describe('queues', () => {
  it('tell how much waits, which is no trouble by itself', () => {
    const queues = [queue('checks', false, { waiting: 12, inWork: 3 })];
    expect(findingsOf(healthy({ resources: resources({ queues }) }), HERE)).toContainEqual(
      expect.objectContaining({
        area: 'queues',
        level: 'ok',
        what: 'checks: about 12 waiting, about 3 in work',
      }),
    );
  });

  test.each([
    ['checks', 'checks were given up', 'checks-given-up', /delete them/],
    ['notices', 'messages of the notices queue were given up', 'notices-given-up', /redeliver/],
    [
      'registrations',
      'registrations or farewells were given up',
      'registrations-given-up',
      /try again/,
    ],
    ['ticks', 'ticks were lost', 'sweep-lost', /next sweep/],
    [
      'Slack cards',
      'notices did not reach the topic of the Slack channel',
      'slack-cards-lost',
      /ERROR_MESSAGE/,
    ],
  ] as const)('with dead letters of %s say what to do', (content, what, runbook, remedy) => {
    const changes = { resources: resources({ queues: [queue(content, true, { inWork: 1 })] }) };
    expect(said(changes)).toEqual([`queues failure: ${what}: about 1 dead letter waits`]);
    expect(ill(changes)).toMatchObject([
      { runbook, remedy: expect.stringMatching(remedy) as string },
    ]);
  });

  it('that cannot be read are not empty', () => {
    const queues = [
      queue('checks', true, denied('sqs:GetQueueAttributes')),
      queue('notices', true),
    ];
    const findings = findingsOf(healthy({ resources: resources({ queues }) }), HERE).filter(
      ({ area }) => area === 'queues',
    );
    expect(findings.map(({ level, what }) => `${level}: ${what}`)).toEqual([
      'warning: the queue of dead letters of checks could not be read: it needs the permission sqs:GetQueueAttributes',
      'ok: no dead letters of notices',
    ]);
  });
});

describe('alarms', () => {
  const among = (alarms: readonly ReturnType<typeof alarm>[], missing: readonly string[] = []) => ({
    resources: resources({ alarms: read({ alarms, missing }) }),
  });

  it('that ring are told in their own words, with their runbook', () => {
    expect(ill(among([alarm({ state: 'ALARM', reason: '0 was not \u001b[31m greater' })]))).toEqual(
      [
        {
          area: 'alarms',
          level: 'failure',
          what: 'No sweep has started for 3 ticks of 15 minutes. No buyer is watched: changes are seen late, and reminders wait. In alarm since 2026-02-28 12:00 UTC.',
          detail: '0 was not [31m greater',
          remedy: 'follow the runbook',
          runbook: 'sweep-not-running',
        },
      ],
    );
  });

  it('without a state are not called OK, here or there', () => {
    const stateless = among([alarm({ state: 'INSUFFICIENT_DATA' }), alarm({ name: 'other' })]);
    const expected = ['alarms warning: 1 alarm in no state yet (INSUFFICIENT_DATA)'];
    expect(said(stateless)).toEqual(expected);
    expect(said(stateless, { ...HERE, local: true })).toEqual(expected);
    expect(ill(stateless, { ...HERE, local: true })[0]?.detail).toContain('evaluates none');
  });

  it('that are gone or would tell nobody are named', () => {
    expect(said(among([alarm({ notifies: false })], ['gone-1']))).toEqual([
      'alarms failure: 1 alarm of the stack is gone',
      'alarms warning: 1 alarm would tell nobody',
    ]);
    expect(ill(among([], ['gone-1']))[0]?.remedy).toContain('"After a deletion by hand"');
  });
});

describe('mail', () => {
  const ARN = 'arn:aws:sns:us-east-1:1:seller';
  const email = (name: string, confirmed: boolean) => ({
    ...{ protocol: 'email', endpoint: `${name}@example.com`, confirmed },
  });
  const queued = { protocol: 'sqs', endpoint: 'arn:aws:sqs:us-east-1:1:q', confirmed: true };
  const NOBODY = 'the seller topic has no e-mail address that is confirmed';
  const unconfirmed = (name: string) =>
    `${name}@example.com has not confirmed its subscription to the seller topic`;

  test.each([
    ['nobody', [], NOBODY],
    ['an address that has not confirmed', [email('a', false)], unconfirmed('a')],
    ['a queue alone', [queued], NOBODY],
    ['one confirmed and one not', [email('a', true), email('b', false)], unconfirmed('b')],
  ])('to %s', (_whom, subscriptions, what) => {
    const topic = { topic: 'seller', arn: ARN, subscriptions: read(subscriptions) } as const;
    expect(said({ topics: [topic] })).toEqual([`mail warning: ${what}`]);
  });
});

describe('when contracts were last seen', () => {
  const now = instant(NOW);
  const seen = (hours: number, changes: Partial<LastSeen> = {}): LastSeen => ({
    contract: contractKey('111122223333', 'scanner'),
    since: at('2026-01-01T09:00:00Z'),
    at: plus(now, -hours * HOUR),
    excused: null,
    ...changes,
  });
  const words = (all: readonly LastSeen[]) => {
    const { level, what, detail } = lastSeenFinding(all, now);
    return [level, what, detail];
  };

  it('is well where each was read within 26 hours, whoever is told blind or cannot be recorded apart', () => {
    expect(words([])).toEqual(['ok', 'there is no contract to look at', null]);
    expect(words([seen(1), seen(7)])).toEqual([
      'ok',
      'each of 2 contracts was read in the last 7 hours',
      null,
    ]);
    expect(words([seen(1), seen(99, { excused: 'blind' })])).toEqual([
      'ok',
      'each of 1 contract was read in the last 60 minutes',
      'left out: 1 told blind, 0 not recorded',
    ]);
  });

  it('is a failure where nobody looks, the longest first', () => {
    expect(words([seen(1), seen(27), seen(30, { at: null })])).toEqual([
      'failure',
      'nobody has read 2 of 3 contracts for 26 hours or more',
      '111122223333#scanner never, watched since 2026-01-01 09:00 UTC; 111122223333#scanner 2026-02-28 07:00 UTC; left out: 0 told blind, 0 not recorded',
    ]);
  });
});

describe('events that wait for the bus', () => {
  const now = instant(NOW);
  const born = (hours: number) => aNotice({ audience: 'bus', bornAt: plus(now, -hours * HOUR) });

  it('are no trouble where they may have settled for a day first', () => {
    for (const due of [[], [born(1), born(26)]])
      expect(waitingEventsFinding(due, now)).toMatchObject([
        { level: 'ok', what: 'no event has waited for the event bus for more than a day' },
      ]);
  });

  it('are a failure where one waits for longer, with the oldest', () => {
    const [found, ...others] = waitingEventsFinding([born(1), born(27), born(50), born(30)], now);
    expect(others).toEqual([]);
    expect(found).toMatchObject({
      area: 'queues',
      level: 'failure',
      what: 'an event waits for the event bus since 2026-02-27 08:00 UTC, and at least 2 more',
    });
    expect(HEADINGS).toContain(found?.runbook);
    expect(waitingEventsFinding([born(27)], now)[0]?.what).toMatch(/2026-02-28 07:00 UTC$/);
  });
});
