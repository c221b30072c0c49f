import { MESSAGE_ALONE } from './page/aws-sentences.ts';
import { FAREWELL_RESOURCE, REGISTRATION_RESOURCE } from '../../messages/names.ts';
import { closed, permissionsOf, type Permission } from './permissions.ts';
import {
  branchesOf,
  type Condition,
  conditionOf,
  listOf,
  recordOf,
  type TemplateValues,
  textOf,
  textsOf,
} from './values.ts';
import { UnexplainedTemplate, type TemplateResource } from './template.ts';

/** One resource of the template, described in full. */
export interface ResourceInWords {
  readonly id: string;
  readonly type: string;
  readonly purpose: string;
  /** Undefined: it always exists. */
  readonly when: Condition | undefined;
  /** True if CloudFormation leaves it alone when the stack is deleted. */
  readonly retained: boolean;
  readonly facts: readonly Fact[];
  /** What a holder of this role may do. */
  readonly grants: readonly Permission[];
  /** Who may become this role. */
  readonly trust: readonly Permission[];
  /** What others may do with this resource. */
  readonly sharing: readonly Permission[];
}

export interface Fact {
  readonly label: string;
  readonly value: string;
  readonly when: readonly Condition[];
}

type Description = Pick<ResourceInWords, 'purpose'> &
  Partial<Omit<ResourceInWords, 'id' | 'type' | 'when' | 'retained'>>;
type Properties = Readonly<Record<string, unknown>>;
type Describe = (properties: Properties, values: TemplateValues, where: string) => Description;

export const TOPIC = 'AWS::SNS::Topic';

const TYPES: ReadonlyMap<string, Describe> = new Map<string, Describe>([
  ['AWS::IAM::Role', role],
  [TOPIC, topic],
  ['AWS::SNS::TopicPolicy', topicPolicy],
  ['AWS::SNS::Subscription', subscription],
  [REGISTRATION_RESOURCE, message('Tells the seller that the stack exists and what it contains.')],
  [
    FAREWELL_RESOURCE,
    message('Tells the seller when the stack is deleted, so that watching ends.'),
  ],
]);

/** Types that make nothing in the account. */
const MESSAGES: readonly string[] = [REGISTRATION_RESOURCE, FAREWELL_RESOURCE];

export function resourceInWords(
  id: string,
  resource: TemplateResource,
  values: TemplateValues,
): ResourceInWords {
  const where = `Resources.${id}`;
  const describe = TYPES.get(resource.Type);
  if (describe === undefined)
    throw new UnexplainedTemplate(where, `the approval page has no words for ${resource.Type}`);
  return {
    id,
    type: resource.Type,
    when: resource.Condition === undefined ? undefined : conditionOf(resource.Condition, values),
    retained: isRetained(resource, where),
    facts: [],
    grants: [],
    trust: [],
    sharing: [],
    ...describe(resource.Properties ?? {}, values, where),
  };
}

/** Throws if anything but a message, which is nothing, stays: the page says that all else goes with the stack. */
function isRetained(resource: TemplateResource, where: string): boolean {
  for (const policy of ['DeletionPolicy', 'UpdateReplacePolicy'] as const) {
    const value = resource[policy] ?? 'Delete';
    if (value !== 'Delete' && !(value === 'Retain' && MESSAGES.includes(resource.Type)))
      throw new UnexplainedTemplate(
        where,
        `the approval page has no words for its ${policy} ${value}`,
      );
  }
  return resource.DeletionPolicy === 'Retain';
}

function role(properties: Properties, values: TemplateValues, where: string): Description {
  const { AssumeRolePolicyDocument: trust, Policies: policies, ...texts } = properties;
  closed(texts, ['Description', 'Path', 'PermissionsBoundary'], where);
  return {
    purpose: 'The role that the watcher uses: its policies are all that it can do in this account.',
    facts: facts(texts, values, where),
    trust: permissionsOf(trust, 'trust', values, `${where}.AssumeRolePolicyDocument`),
    grants: listOf(policies, where).flatMap((each, at) =>
      branchesOf(each, values, where).flatMap(({ value, when }) => {
        const {
          PolicyName: _name,
          PolicyDocument: document,
          ...others
        } = recordOf(value, `${where}.Policies.${at}`);
        closed(others, [], `${where}.Policies.${at}`);
        return permissionsOf(
          document,
          'identity',
          values,
          `${where}.Policies.${at}.PolicyDocument`,
          when,
        );
      }),
    ),
  };
}

function topic(properties: Properties, values: TemplateValues, where: string): Description {
  closed(properties, ['DisplayName'], where);
  return {
    purpose:
      'A topic of your own. Notices of changes and ends arrive here; you decide who subscribes. It names no KMS key: none of your keys encrypts anything in it at rest.',
    facts: facts(properties, values, where),
  };
}

function topicPolicy(properties: Properties, values: TemplateValues, where: string): Description {
  const { PolicyDocument: document, Topics: topics, ...others } = properties;
  closed(others, [], where);
  return {
    purpose: 'Says who may use the topic.',
    facts: [{ label: 'Topics', value: textsOf(topics, values, where).join(', '), when: [] }],
    sharing: permissionsOf(document, 'resource', values, `${where}.PolicyDocument`),
  };
}

function subscription(properties: Properties, values: TemplateValues, where: string): Description {
  closed(properties, ['Endpoint', 'Protocol', 'TopicArn'], where);
  return {
    purpose: 'Sends the notices to the address you give, once its owner has confirmed it.',
    facts: facts(properties, values, where),
  };
}

/** A custom resource makes nothing: CloudFormation sends all its properties, and who asks, to the seller's topic. */
function message(purpose: string): Describe {
  return (properties, values, where) => ({
    purpose: `${purpose} ${MESSAGE_ALONE}`,
    facts: facts(properties, values, where),
  });
}

function facts(properties: Properties, values: TemplateValues, where: string): Fact[] {
  return Object.entries(properties).flatMap(([label, property]) =>
    branchesOf(property, values, where).map(({ value, when }) => ({
      label,
      value: textOf(value, values, `${where}.${label}`),
      when,
    })),
  );
}
