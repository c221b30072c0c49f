import type { IamRegistry } from '../iam/registry.ts';
import type { ServiceRoles } from '../iam/role-resource.ts';
import {
  textProperty,
  type CreatedResource,
  type ExistingResource,
  type Properties,
  type ResourceContext,
  type ResourceHandler,
} from '../resource.ts';
import type { Topics } from '../sns/topics.ts';
import type { SlackChannels } from './slack-channels.ts';

export interface ChatbotSurroundings {
  readonly channels: SlackChannels;
  readonly iam: IamRegistry;
  readonly roles: ServiceRoles;
  readonly topics: Topics;
}

/** The patterns of AWS's API reference (CreateSlackChannelConfiguration), each with its description for error messages. */
const FORMS = {
  ConfigurationName: [
    /^[A-Za-z0-9-_]{1,128}$/,
    '1 to 128 letters, digits, hyphens and underscores',
  ],
  SlackWorkspaceId: [/^[0-9A-Z]{1,255}$/, '1 to 255 capital letters and digits'],
  SlackChannelId: [/^[A-Za-z0-9]{1,255}$/, '1 to 255 letters and digits'],
  LoggingLevel: [/^(?:ERROR|INFO|NONE)$/, 'ERROR, INFO or NONE'],
} as const;

/** AWS subscribes a configuration to its topics at this endpoint, in the owner's name and already confirmed (admin guide). */
const ENDPOINT = 'https://global.sns-api.chatbot.amazonaws.com';

/**
 * AWS::Chatbot::SlackChannelConfiguration. Unlike AWS, it refuses a configuration without guardrail policies: AWS would then apply
 * AdministratorAccess, and nobody means that.
 */
export function slackChannelHandler(surroundings: ChatbotSurroundings): ResourceHandler {
  const { channels, topics } = surroundings;
  const unsubscribe = ({ physicalId, properties }: ExistingResource): void => {
    const arns = listOf(properties, 'SnsTopicArns');
    for (const each of arns.flatMap((topicArn) => topics.subscriptions(topicArn)))
      if (each.owner === physicalId) topics.unsubscribe(each.arn);
  };
  const put = (properties: Properties, arn: string, context: ResourceContext): CreatedResource => {
    const { accountId } = context;
    channels.keep({
      arn,
      accountId,
      configurationName: formed(properties, 'ConfigurationName'),
      workspaceId: formed(properties, 'SlackWorkspaceId'),
      channelId: formed(properties, 'SlackChannelId'),
    });
    for (const topicArn of listOf(properties, 'SnsTopicArns'))
      topics.subscribe({
        topicArn,
        protocol: 'https',
        endpoint: ENDPOINT,
        ownerAccountId: accountId,
        owner: arn,
        take: (message) => {
          channels.take(arn, message);
        },
      });
    return { physicalId: arn, attributes: { Arn: arn } };
  };
  return {
    type: 'AWS::Chatbot::SlackChannelConfiguration',
    properties: `${Object.keys(FORMS).join(' ')} GuardrailPolicies IamRoleArn SnsTopicArns`,
    put: async (properties, context, current) => {
      const name = formed(properties, 'ConfigurationName');
      const arn = `arn:${context.partition}:chatbot::${context.accountId}:chat-configuration/slack-channel/${name}`;
      const isReplaced = (['ConfigurationName', 'SlackWorkspaceId'] as const).some(
        (each) => properties[each] !== current?.properties[each],
      );
      if (isReplaced && channels.all().some((each) => each.arn === arn))
        throw new Error(
          `Slack channel configuration ${name} already exists in ${context.accountId}`,
        );
      await check(properties, arn, surroundings);
      if (current !== undefined && !isReplaced) unsubscribe(current);
      return put(properties, arn, context);
    },
    remove: (current) => {
      unsubscribe(current);
      channels.remove(current.physicalId);
    },
  };
}

/** Throws for a configuration that AWS would refuse, and for one that nobody can mean. */
async function check(
  properties: Properties,
  arn: string,
  { iam, roles, topics }: ChatbotSurroundings,
): Promise<void> {
  for (const name of Object.keys(FORMS) as (keyof typeof FORMS)[]) formed(properties, name);
  const guardrails = listOf(properties, 'GuardrailPolicies');
  if (guardrails.length === 0)
    throw new Error(
      'Property GuardrailPolicies is missing or empty: AWS would apply AdministratorAccess. Name a policy, such as AWSDenyAll of AWS',
    );
  for (const policyArn of guardrails) iam.requirePolicy(policyArn);
  for (const topicArn of listOf(properties, 'SnsTopicArns')) topics.existing(topicArn);
  await roles.session(
    'chatbot.amazonaws.com',
    textProperty(properties, 'IamRoleArn'),
    'chatbot',
    arn,
  );
}

function formed(properties: Properties, name: keyof typeof FORMS): string {
  const [pattern, allowed] = FORMS[name];
  const value = textProperty(properties, name, name === 'LoggingLevel' ? 'NONE' : undefined);
  if (pattern.test(value)) return value;
  throw new Error(`Property ${name} must be ${allowed}, got ${JSON.stringify(value)}`);
}

function listOf(properties: Properties, name: string): readonly string[] {
  return (properties[name] ?? []) as readonly string[];
}
