import { ENABLE_ALARM_ACTIONS, NOT_EVALUATED_YET } from '../../../aws-sentences.ts';
import type {
  Alarm,
  DeploymentHealth,
} from '../../../../aws/deployment-health/deployment-health.ts';
import { cleanText } from '../../../../../mail/clean-text.ts';
import { spoken } from '../../../output/time.ts';
import { failure, ok, warning, type Finding } from './finding.ts';
import { unread } from './unread.ts';

/** `local`: of the local cloud, where nothing evaluates alarms. */
export function alarmFindings({ resources }: DeploymentHealth, local: boolean): readonly Finding[] {
  if (resources.kind !== 'read') return [];
  const { alarms: read } = resources.value;
  if (read.kind !== 'read') return [unread('alarms', 'the alarms', read)];
  const { alarms, missing } = read.value;
  const silent = alarms.filter(({ rings }) => !rings);
  const stateless = alarms.filter(({ state }) => state === 'INSUFFICIENT_DATA');
  const well = alarms.filter(({ state }) => state === 'OK').length;
  return [
    ...alarms.filter(({ state }) => state === 'ALARM').map(ringing),
    ...(missing.length === 0 ? [] : [gone(missing)]),
    ...(silent.length === 0 ? [] : [muted(silent)]),
    ...(stateless.length === 0 ? [] : [unevaluated(stateless.length, local)]),
    ...(well === 0 ? [] : [ok('alarms', `${counted(well)} OK`)]),
  ];
}

function ringing({ description, reason, since }: Alarm): Finding {
  const [, runbook = null] = /docs\/runbook\.md#([a-z-]+)/.exec(description) ?? [];
  const text = cleanText(description.replace(/ (Logs|Runbook): .*$/s, ''), 600);
  return failure('alarms', `${text}${since === null ? '' : ` In alarm since ${spoken(since)}.`}`, {
    detail: cleanText(reason, 300),
    remedy: 'follow the runbook',
    runbook,
  });
}

function gone(names: readonly string[]): Finding {
  return failure(
    'alarms',
    `${counted(names.length)} of the stack ${names.length === 1 ? 'is' : 'are'} gone`,
    {
      detail: names.map((name) => cleanText(name)).join(', '),
      remedy:
        'somebody deleted them outside of the stack: make them anew by hand, or delete and deploy the stack again',
    },
  );
}

function muted(alarms: readonly Alarm[]): Finding {
  return warning('alarms', `${counted(alarms.length)} would tell nobody`, {
    detail: alarms.map(({ name }) => cleanText(name)).join(', '),
    remedy: ENABLE_ALARM_ACTIONS,
  });
}

/** No data is no good news. */
function unevaluated(count: number, local: boolean): Finding {
  const what = `${counted(count)} in no state yet (INSUFFICIENT_DATA)`;
  if (local)
    return warning('alarms', what, {
      detail:
        'the local cloud keeps alarms and evaluates none: whether one would ring is not known here',
      remedy: 'nothing to do in the local cloud',
    });
  return warning('alarms', what, {
    detail: NOT_EVALUATED_YET,
    remedy: 'ask again later',
  });
}

function counted(count: number): string {
  return `${count} alarm${count === 1 ? '' : 's'}`;
}
