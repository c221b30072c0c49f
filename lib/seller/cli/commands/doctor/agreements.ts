import type { AgreementReading } from '../../../../domain/agreement/kept-agreement.ts';
import { epochMilliseconds, HOUR, type Instant } from '../../../../domain/time.ts';
import { cleanText } from '../../../../domain/outside-text.ts';
import { counted } from '../../../../mail/dates.ts';
import type { Reading } from '../../../aws/deployment-health.ts';
import { timeText } from '../../output/moment.ts';
import { findingsIn, type HealthFinding } from './finding.ts';

const inAgreements = findingsIn('agreements');

/** Readings come with the ticks. They are late after three missed ticks, but not before an hour has passed. */
const LATE_AFTER_TICKS = 3;
const LATE_AFTER_LEAST = HOUR;
/** The Region in which AWS emits the events, and answers. */
const EVENTS_REGION = 'us-east-1';
const STATEMENT =
  '{"Effect":"Allow","Action":["aws-marketplace:SearchAgreements","aws-marketplace:DescribeAgreement","aws-marketplace:GetAgreementTerms","aws-marketplace:ListAgreementCancellationRequests"],"Resource":"*"}';
const RUNBOOK = 'agreements-not-read';
const UNKNOWN_WITHOUT =
  'what renews by itself, by when it can be changed, and who bought and is not watched: this is not known, or dates from then';

export interface AgreementsHealth {
  /** `on`, `off`, or the role that reads them. */
  readonly setting: string;
  readonly region: string;
  /** Milliseconds between two sweeps. */
  readonly interval: number;
  readonly createdAt: Instant;
  readonly reading: Reading<AgreementReading | undefined>;
  /** True if at least one license was seen, so that somebody has bought. */
  readonly hasLicenses: boolean;
}

/** Whether the seller's agreements are read, and whether their events arrive. No problem with either changes a contract. */
export function agreementFindings(facts: AgreementsHealth, now: Instant): readonly HealthFinding[] {
  const { setting, reading } = facts;
  if (setting === 'off')
    return [
      inAgreements.ok('they are not read: the setting agreements is "off"', {
        detail: 'nobody knows what renews by itself, and who bought and is not watched',
      }),
    ];
  if (reading.kind !== 'read')
    return [inAgreements.unread('the progress of their reading', reading)];
  if (reading.value === undefined) return [neverRead(facts, now)];
  const { trouble } = reading.value;
  return [
    ...(trouble === null ? [howRead(reading.value, facts, now)] : [troubleFinding(trouble, facts)]),
    ...leftOut(reading.value),
    ...requestFindings(reading.value, facts),
    ...(reading.value.isFilterTaken ? [] : [filterRefused()]),
    ...eventFindings(reading.value, facts),
  ];
}

function neverRead({ createdAt, interval }: AgreementsHealth, now: Instant): HealthFinding {
  const age = epochMilliseconds(now) - epochMilliseconds(createdAt);
  if (age <= lateAfter(interval))
    return inAgreements.warning('they have not been read yet', {
      detail: `the stack was made on ${timeText(createdAt)}`,
      remedy: 'run this again after the next tick',
    });
  return inAgreements.failure('they were never read', {
    detail: UNKNOWN_WITHOUT,
    remedy: 'find out why read-agreements does not run: check its schedule and its log',
    runbook: 'read-agreements-failing',
  });
}

function lateAfter(interval: number): number {
  return Math.max(LATE_AFTER_LEAST, LATE_AFTER_TICKS * interval);
}

function howRead(
  { readAt, fullAt, found, unfinished }: AgreementReading,
  { interval, hasLicenses }: AgreementsHealth,
  now: Instant,
): HealthFinding {
  const at = readAt ?? unfinished?.startedAt ?? null;
  if (at === null || epochMilliseconds(now) - epochMilliseconds(at) > lateAfter(interval))
    return inAgreements.failure(
      at === null ? 'no reading came to its end' : `they were last read on ${timeText(at)}`,
      {
        detail: UNKNOWN_WITHOUT,
        remedy: 'find out why read-agreements does not run: check its schedule and its log',
        runbook: 'read-agreements-failing',
      },
    );
  if (fullAt === null)
    return inAgreements.ok('the first reading is under way', {
      detail: `${unfinished?.found.kept ?? 0} kept so far; it goes on at the next tick`,
    });
  const { kept, otherProducts, otherSellers } = found;
  if (kept === 0 && hasLicenses)
    return inAgreements.warning(
      'none of a configured product was found, yet buyers have licenses',
      {
        detail: `left out: ${otherProducts} of other products, ${otherSellers} that another account proposed`,
        remedy:
          'if another account of yours is the seller, set agreements in cdk.json to a role of that account (docs/settings.md#agreements); if a channel partner sells, none can be read, and what happens at the end of a resale stays unknown',
        runbook: RUNBOOK,
      },
    );
  return inAgreements.ok(
    `${counted(kept, 'agreement')} of configured products, read on ${timeText(at)}`,
    {
      detail: `resales are not among them: whether an agreement that a channel partner proposed renews, and by when that can be changed, is unknown${otherSellers === 0 ? '' : `; ${otherSellers} of other sellers were left out`}`,
    },
  );
}

function troubleFinding(
  { cause, detail, since }: NonNullable<AgreementReading['trouble']>,
  { setting }: AgreementsHealth,
): HealthFinding {
  const what = `cannot be read since ${timeText(since)}`;
  const further = { detail: `${cleanText(detail, 300)}; ${UNKNOWN_WITHOUT}`, runbook: RUNBOOK };
  switch (cause) {
    case 'denied':
      return inAgreements.failure(`they ${what}: permission is missing`, {
        ...further,
        remedy:
          setting === 'on'
            ? `find the boundary or service control policy that denies the role of read-agreements its statement ${STATEMENT}`
            : `add to the role ${cleanText(setting, 200)} the statement ${STATEMENT}`,
      });
    case 'role-refused':
      return inAgreements.failure(`they ${what}: the role does not let the watcher in`, {
        ...further,
        remedy: `let ${cleanText(setting, 200)} trust the role of read-agreements (docs/settings.md#agreements), and check that the role exists`,
      });
    case 'throttled':
      return inAgreements.warning(`they ${what}: AWS throttles`, {
        ...further,
        remedy:
          'find out what else asks for agreements in that account, which has 5 searches a second for all callers; every tick continues where the last one stopped',
      });
    case 'aws-failing':
      return inAgreements.warning(`they ${what}: AWS fails`, {
        ...further,
        remedy: 'run this again later; every tick tries again',
      });
    case 'unexpected-answer':
      return inAgreements.failure(`they ${what}: AWS answers what this version cannot read`, {
        ...further,
        remedy: 'check the log of read-agreements, and whether there is a newer version',
      });
  }
}

function leftOut({ found: { unreadable, example } }: AgreementReading): readonly HealthFinding[] {
  if (unreadable === 0) return [];
  return [
    inAgreements.warning(`${counted(unreadable, 'agreement')} could not be read, each by itself`, {
      detail: cleanText(example ?? '', 300),
      remedy: 'check whether there is a newer version; all others are read',
    }),
  ];
}

/** Empty if the agreements cannot be read either, which has a finding of its own. */
function requestFindings(
  { trouble: ofAll, requests: { trouble } }: AgreementReading,
  { setting }: AgreementsHealth,
): readonly HealthFinding[] {
  if (ofAll !== null || trouble === null) return [];
  return [
    inAgreements.warning(
      `the requests to cancel them cannot all be read since ${timeText(trouble.since)}`,
      {
        detail: `${cleanText(trouble.detail, 300)}; if the event of a request is lost, you are not told before it is approved`,
        remedy:
          trouble.cause !== 'denied'
            ? 'run this again later; it is tried every hour'
            : setting === 'on'
              ? `find the boundary or service control policy that denies the role of read-agreements its statement ${STATEMENT}`
              : `add to the role ${cleanText(setting, 200)} the statement ${STATEMENT}`,
        runbook: RUNBOOK,
      },
    ),
  ];
}

function filterRefused(): HealthFinding {
  return inAgreements.warning('AWS does not take the filter by the time of the last change', {
    detail: 'all are read every 6 hours instead, so a change may be seen that much later',
    remedy:
      'nothing to do: an event makes the watcher read that buyer’s licenses at once, and the filter is tried again at every full reading',
  });
}

/** Whether events are forwarded cannot be seen from here, only that one came. */
function eventFindings(
  { eventAt }: AgreementReading,
  { setting, region }: AgreementsHealth,
): readonly HealthFinding[] {
  if (eventAt !== null) return [inAgreements.ok(`the last event came on ${timeText(eventAt)}`)];
  const isElsewhere = setting !== 'on' || region !== EVENTS_REGION;
  if (!isElsewhere) return [];
  return [
    inAgreements.warning(
      'no event has come yet: they go to another account or Region than the watcher’s',
      {
        detail: `onto the default bus of the ${setting === 'on' ? 'same' : 'seller’s'} account in ${EVENTS_REGION}; until they are forwarded, changes are seen at the next tick`,
        remedy: 'forward them with the rule in docs/settings.md#agreements',
      },
    ),
  ];
}
