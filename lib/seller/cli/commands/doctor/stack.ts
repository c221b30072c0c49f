import { PRODUCT_CODE_REMEDY, productCodeWords } from '../../../../domain/license/product.ts';
import { cleanText } from '../../../../domain/outside-text.ts';
import type { DeploymentHealth, StackFacts, TopicFacts } from '../../../aws/deployment-health.ts';
import { SUBSCRIBE_AGAIN } from '../../aws-sentences.ts';
import { findingsIn, type HealthFinding } from './finding.ts';
import { alarmFindings, queueFindings } from './queues.ts';
import { sweepFindings } from './sweeps.ts';

const inStack = findingsIn('stack');
const inMail = findingsIn('mail');

interface Circumstances {
  /** Epoch milliseconds. */
  readonly now: number;
  readonly local: boolean;
  /** True if the command line could connect to it. */
  readonly usable: boolean;
}

/** What the facts of a deployment mean, except for its buyers. */
export function findingsOf(
  health: DeploymentHealth,
  { now, local, usable }: Circumstances,
): readonly HealthFinding[] {
  return [
    ...stackFindings(health, usable),
    ...sweepFindings(health, now),
    ...queueFindings(health),
    ...alarmFindings(health, local),
    ...mailFindings(health),
  ];
}

const DEPLOY = 'deploy this version with "npx cdk deploy"';

/** `usable`: the outputs have all that the command line cannot do without. */
function stackFindings(
  { stack, resources }: DeploymentHealth,
  usable: boolean,
): readonly HealthFinding[] {
  return [
    status(stack),
    outputs(stack, usable),
    ...(resources.kind === 'read'
      ? []
      : [
          inStack.unread(
            'the list of its resources, and so schedule, queues and alarms,',
            resources,
          ),
        ]),
  ];
}

function status({ name, status: at, statusReason }: StackFacts): HealthFinding {
  const what = `stack ${name} is ${at}`;
  const detail = statusReason === null ? null : cleanText(statusReason, 300);
  if (at.endsWith('_IN_PROGRESS'))
    return inStack.warning(what, {
      detail,
      remedy: 'wait until its deployment has ended, and run this again',
    });
  if (at === 'UPDATE_ROLLBACK_COMPLETE')
    return inStack.warning(`${what}: the last update failed, the version before it runs`, {
      detail,
      remedy: `see the stack's events for the cause, then ${DEPLOY}`,
    });
  if (/^(CREATE|UPDATE|IMPORT|IMPORT_ROLLBACK)_COMPLETE$/.test(at)) return inStack.ok(what);
  return inStack.failure(what, {
    detail,
    remedy: `see the stack's events for the cause, then ${DEPLOY}`,
  });
}

function outputs({ missingOutputs: missing }: StackFacts, usable: boolean): HealthFinding {
  if (missing.length === 0) return inStack.ok('all its outputs are there');
  const what = `${missing.length === 1 ? 'an output is' : `${missing.length} outputs are`} missing: ${missing.join(', ')}`;
  const further = {
    detail: 'the stack has an older version, or its deployment did not finish',
    remedy: DEPLOY,
  };
  return usable ? inStack.warning(what, further) : inStack.failure(what, further);
}

/** A product whose SKU looks like a product code looks like one that nobody bought. */
export function productFindings(productCodes: readonly string[]): readonly HealthFinding[] {
  if (productCodes.length === 0) return [];
  return [inStack.warning(productCodeWords(productCodes), { remedy: PRODUCT_CODE_REMEDY })];
}

const TOPICS = {
  seller: { says: 'the digests of what changed', setting: 'sellerEmail' },
  operations: {
    says: 'alarms and what the watcher reports about itself',
    setting: 'operationsEmail',
  },
} as const;

function mailFindings({ topics }: DeploymentHealth): readonly HealthFinding[] {
  return topics.flatMap(topicFindings);
}

function topicFindings({ topic, arn, subscriptions }: TopicFacts): readonly HealthFinding[] {
  if (subscriptions.kind !== 'read')
    return [inMail.unread(`who is subscribed to the ${topic} topic`, subscriptions)];
  const pending = subscriptions.value.filter(({ confirmed }) => !confirmed);
  const confirmed = subscriptions.value.filter((each) => each.confirmed);
  const byMail = confirmed.filter(({ protocol }) => protocol.startsWith('email'));
  return [
    ...pending.map(({ endpoint }) =>
      inMail.warning(
        `${cleanText(endpoint)} has not confirmed its subscription to the ${topic} topic`,
        {
          detail: `it does not get ${TOPICS[topic].says}`,
          remedy: SUBSCRIBE_AGAIN,
        },
      ),
    ),
    ...(byMail.length > 0
      ? [
          inMail.ok(
            `the ${topic} topic reaches ${byMail.map(({ endpoint }) => cleanText(endpoint)).join(', ')}`,
          ),
        ]
      : pending.length > 0 && confirmed.length === 0
        ? []
        : [nobody(topic, arn, confirmed.length)]),
  ];
}

function nobody(topic: TopicFacts['topic'], arn: string, machines: number): HealthFinding {
  const { says, setting } = TOPICS[topic];
  return inMail.warning(`the ${topic} topic has no e-mail address that is confirmed`, {
    detail:
      machines === 0 ? `nobody gets ${says}` : `only machines get ${says}: ${machines} subscribed`,
    remedy: `set ${setting} in cdk.json and deploy, or, if it is set already: aws sns subscribe --protocol email --topic-arn ${cleanText(arn, 300)} --notification-endpoint <address>`,
  });
}
