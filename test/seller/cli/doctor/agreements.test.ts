import { describe, expect, it, test } from 'vitest';
import {
  type AgreementReading,
  type AgreementTrouble,
  NO_READING,
  NOTHING_COUNTED,
} from '../../../../lib/domain/agreement/kept-agreement.ts';
import { MINUTE, plus } from '../../../../lib/domain/time.ts';
import {
  type AgreementsHealth,
  agreementFindings,
} from '../../../../lib/seller/cli/commands/doctor/agreements.ts';
import { readAgreementEvent } from '../../../../lib/messages/agreement-event.ts';
import { AGREEMENT_EVENT_SOURCE } from '../../../../lib/messages/names.ts';
import { documentText } from '../../../support/document.ts';
import { at, denied, read } from '../../../support/health.ts';

const NOW = at('2026-03-01T10:00:00Z');
const ROLE = 'arn:aws:iam::111122223333:role/AgreementReader';
const READ: AgreementReading = {
  ...NO_READING,
  ...{ upTo: NOW, fullAt: NOW, readAt: plus(NOW, -15 * MINUTE), revision: 7 },
  found: { ...NOTHING_COUNTED, kept: 12 },
};

function findings(
  reading: Partial<AgreementReading> | undefined,
  facts: Partial<AgreementsHealth> = {},
) {
  return agreementFindings(
    {
      ...{ setting: 'on', region: 'us-east-1', interval: 15 * MINUTE, hasLicenses: true },
      createdAt: plus(NOW, -60 * 24 * 60 * MINUTE),
      reading: read(reading && { ...READ, ...reading }),
      ...facts,
    },
    NOW,
  );
}

function said(...of: Parameters<typeof findings>): readonly string[] {
  return findings(...of).map(({ level, what }) => `${level}: ${what}`);
}

function trouble(cause: AgreementTrouble): Partial<AgreementReading> {
  return { trouble: { cause, detail: 'AccessDeniedException: no\u202e', since: NOW } };
}

describe('doctor of agreements', () => {
  it('is content where they are read, and says what is unknown of a resale', () => {
    const [only, ...others] = findings({});
    expect(others).toEqual([]);
    expect(only).toMatchObject({
      level: 'ok',
      what: '12 agreements of configured products, read on 2026-03-01 09:45 UTC',
    });
    expect(only?.detail).toMatch(
      /whether an agreement that a channel partner proposed renews, .*is unknown/,
    );
  });

  const DAY = 24 * 60 * MINUTE;
  const WELL = 'of configured products, read on 2026-03-01 09:45 UTC';
  const begun = { startedAt: NOW, token: 'x', found: NOTHING_COUNTED };
  const others = { found: { ...NOTHING_COUNTED, otherSellers: 3 } };
  test.each<[string, Partial<AgreementReading> | undefined, Partial<AgreementsHealth>, string]>([
    ['off', {}, { setting: 'off' }, 'ok: they are not read: the setting agreements is "off"'],
    [
      'unseen',
      {},
      { reading: denied('dynamodb:GetItem') },
      'warning: the progress of their reading could not be read: it needs the permission dynamodb:GetItem',
    ],
    ['young', undefined, { createdAt: NOW }, 'warning: they have not been read yet'],
    ['never', undefined, {}, 'failure: they were never read'],
    ['begun', { readAt: null, fullAt: null }, {}, 'failure: no reading came to its end'],
    ['under way', { fullAt: null, unfinished: begun }, {}, 'ok: the first reading is under way'],
    [
      'late by an hour',
      { readAt: plus(NOW, -61 * MINUTE) },
      {},
      'failure: they were last read on 2026-03-01 08:59 UTC',
    ],
    [
      'not late by three ticks of a day',
      { readAt: plus(NOW, -3 * DAY) },
      { interval: DAY },
      'ok: 12 agreements of configured products, read on 2026-02-26 10:00 UTC',
    ],
    [
      'empty',
      others,
      {},
      'warning: none of a configured product was found, yet buyers have licenses',
    ],
    [
      'empty, and nobody bought',
      { found: NOTHING_COUNTED },
      { hasLicenses: false },
      `ok: 0 agreements ${WELL}`,
    ],
    ...(
      [
        ['denied', 'failure', 'permission is missing'],
        ['role-refused', 'failure', 'the role does not let the watcher in'],
        ['throttled', 'warning', 'AWS throttles'],
        ['aws-failing', 'warning', 'AWS fails'],
        ['unexpected-answer', 'failure', 'AWS answers what this version cannot read'],
      ] as const
    ).map(([cause, level, words]): [string, Partial<AgreementReading>, object, string] => [
      cause,
      trouble(cause),
      {},
      `${level}: they cannot be read since 2026-03-01 10:00 UTC: ${words}`,
    ]),
  ])('%s', (_, reading, facts, expected) => {
    expect(said(reading, facts)).toEqual([expected]);
    for (const { level, remedy } of findings(reading, facts))
      if (level !== 'ok') expect(remedy).toMatch(/./);
  });

  it('names the statement that is missing, and at which role', () => {
    const [own] = findings(trouble('denied'));
    const [other] = findings({ ...trouble('denied'), eventAt: NOW }, { setting: ROLE });
    for (const { remedy } of [own!, other!])
      expect(JSON.parse(/\{.*\}/.exec(remedy ?? '')?.[0] ?? '')).toEqual({
        Effect: 'Allow',
        Action: [
          'aws-marketplace:SearchAgreements',
          'aws-marketplace:DescribeAgreement',
          'aws-marketplace:GetAgreementTerms',
          'aws-marketplace:ListAgreementCancellationRequests',
        ],
        Resource: '*',
      });
    expect(other?.remedy).toContain(ROLE);
    expect(own?.detail).not.toContain('\u202e');
  });

  const ELSEWHERE =
    'warning: no event has come yet: they go to another account or Region than the watcher’s';
  const CAME = 'ok: the last event came on 2026-03-01 10:00 UTC';
  test.each<[string, Partial<AgreementReading>, Partial<AgreementsHealth>, readonly string[]]>([
    ['here', {}, {}, []],
    ['here, and one came', { eventAt: NOW }, {}, [CAME]],
    ['a role’s account', {}, { setting: ROLE }, [ELSEWHERE]],
    ['another Region', {}, { region: 'eu-west-1' }, [ELSEWHERE]],
    ['forwarded', { eventAt: NOW }, { region: 'eu-west-1' }, [CAME]],
  ])('events: %s', (_, reading, facts, expected) => {
    expect(said(reading, facts).slice(1)).toEqual(expected);
  });

  it('says that the requests to cancel cannot all be read, once, and what is missing', () => {
    const requests = { askedAt: NOW, ...trouble('denied') } as AgreementReading['requests'];
    const [, finding, ...others] = findings({ requests });
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      level: 'warning',
      what: 'the requests to cancel them cannot all be read since 2026-03-01 10:00 UTC',
      remedy: expect.stringContaining(
        'aws-marketplace:ListAgreementCancellationRequests',
      ) as string,
    });
    expect(said({ requests, ...trouble('denied') })).toHaveLength(1);
  });

  it('says what AWS does not take, and what could not be read', () => {
    const found = { ...NOTHING_COUNTED, kept: 1, unreadable: 2, example: 'agr-1: no acceptor' };
    expect(said({ isFilterTaken: false, found }).slice(1)).toEqual([
      'warning: 2 agreements could not be read, each by itself',
      'warning: AWS does not take the filter by the time of the last change',
    ]);
  });
});

test('the rule that it names forwards what AWS sends, from where AWS sends it', () => {
  const rule = /put-rule.*--event-pattern '(.*)'/.exec(documentText('docs/settings.md'));
  expect(JSON.parse(rule?.[1] ?? '')).toEqual({ source: [AGREEMENT_EVENT_SOURCE] });
  expect(rule?.[0]).toContain('--region us-east-1');
  // A forwarded event keeps its source, and names the account and the Region that it came from.
  const forwarded = {
    source: AGREEMENT_EVENT_SOURCE,
    account: '111122223333',
    region: 'us-east-1',
  };
  expect(readAgreementEvent(JSON.stringify(forwarded))).not.toBeNull();
});
