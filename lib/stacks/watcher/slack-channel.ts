import { LoggingLevel, SlackChannelConfiguration } from 'aws-cdk-lib/aws-chatbot';
import { type EventBus, type IRuleTarget, Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { EVENT_SOURCE } from '../../messages/names.ts';
import type { SlackSettings } from '../settings/settings.ts';
import { allow } from './access.ts';
import { DeadLetterQueue } from './work-queue.ts';

export interface SlackChannelProps {
  readonly deployment: string;
  readonly slack: SlackSettings;
  readonly bus: EventBus;
  readonly operations: ITopic;
}

/**
 * A channel of Slack for the seller's people. It shows the events on the bus that have a chosen severity, each as the card that it carries.
 * Nothing of the watcher waits for it: what cannot be delivered goes to a queue of its own, which has an alarm.
 */
export class SlackChannel extends Construct {
  constructor(scope: Construct, id: string, props: SlackChannelProps) {
    super(scope, id);
    const { deployment, slack, bus, operations } = props;
    // Without a KMS key: with AWS's own key a rule could not publish, and nothing would say so.
    const topic = new Topic(this, 'Topic', { displayName: 'License Watcher', enforceSSL: true });
    const lost = new DeadLetterQueue(this, 'Lost', {
      what: 'A notice could not be brought to the topic of the Slack channel.',
      errorImpact: 'The channel lacks that notice. Mails and events went out all the same.',
      runbook: 'slack-cards-lost',
      operations,
    });
    new Rule(this, 'Rule', {
      description: 'Notices for the Slack channel.',
      eventBus: bus,
      eventPattern: {
        source: [EVENT_SOURCE],
        // An event that an older version put has no card: the path below would lead nowhere.
        detail: { severity: [...slack.severities], card: { source: ['custom'] } },
      },
      targets: [targetOf(topic, lost)],
    });
    new SlackChannelConfiguration(this, 'Channel', {
      // Another workspace makes another configuration, which cannot have the name of the one that it replaces.
      slackChannelConfigurationName: `license-watcher-${deployment}-${slack.workspaceId}`,
      slackWorkspaceId: slack.workspaceId,
      slackChannelId: slack.channelId,
      notificationTopics: [topic],
      // Nobody gives commands from the channel: its members can do only what both the role and the guardrail allow.
      role: new Role(this, 'Role', {
        description: 'Without permissions: the channel only shows notices.',
        assumedBy: new ServicePrincipal('chatbot.amazonaws.com'),
      }),
      guardrailPolicies: [ManagedPolicy.fromAwsManagedPolicyName('AWSDenyAll')],
      loggingLevel: LoggingLevel.ERROR,
    });
  }
}

/** Lets the rule publish the cards, and put what the topic refuses into the queue; nobody else may. */
function targetOf(topic: Topic, { queue }: DeadLetterQueue): IRuleTarget {
  return {
    bind: ({ ruleRef: { ruleArn } }) => {
      const byRule = { ArnEquals: { 'aws:SourceArn': ruleArn } };
      const events = new ServicePrincipal('events.amazonaws.com');
      // An older user guide says that topic policies do not know EventBridge's conditions: the ARN must be the rule's only if it is given.
      const publish = allow('TakeCards', ['sns:Publish'], [topic.topicArn], {
        ArnEqualsIfExists: byRule.ArnEquals,
      });
      publish.addPrincipals(events);
      topic.addToResourcePolicy(publish);
      const keep = allow('KeepLostCards', ['sqs:SendMessage'], [queue.queueArn], byRule);
      keep.addPrincipals(events);
      queue.addToResourcePolicy(keep);
      return {
        arn: topic.topicArn,
        // The card as it is: a template would need every quote within it escaped.
        input: RuleTargetInput.fromEventPath('$.detail.card'),
        deadLetterConfig: { arn: queue.queueArn },
      };
    },
  };
}
