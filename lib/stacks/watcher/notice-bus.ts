import { Aws, CfnResource } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { eventBusName } from '../../messages/names.ts';
import { allow, type Binding, functionRoleArn } from './access.ts';

export interface NoticeBusProps {
  readonly deployment: string;
  /** The organization whose accounts may make rules here; null: only this account may. */
  readonly organizationId: string | null;
}

/** All that an account may do with rules: make them, and see, change and end those that it made. */
const RULES = [
  'events:PutRule',
  'events:PutTargets',
  'events:DeleteRule',
  'events:RemoveTargets',
  'events:DisableRule',
  'events:EnableRule',
  'events:DescribeRule',
  'events:ListTargetsByRule',
  'events:TagResource',
  'events:UntagResource',
  'events:ListTagsForResource',
];

/** The bus that carries every notice to the seller's machines: see docs/events.md. */
export class NoticeBus extends Construct {
  readonly bus: EventBus;

  constructor(scope: Construct, id: string, { deployment, organizationId }: NoticeBusProps) {
    super(scope, id);
    this.bus = new EventBus(this, 'Bus', {
      eventBusName: eventBusName(deployment),
      description: 'Every notice of the License Watcher, as an event.',
    });
    // Consumers believe the events that they act on: nobody in this account or another may make one up.
    this.#policy(
      new PolicyStatement({
        sid: 'OnlySendNoticesPuts',
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions: ['events:PutEvents'],
        resources: [this.bus.eventBusArn],
        conditions: {
          ArnNotEquals: {
            'aws:PrincipalArn': functionRoleArn(Aws.ACCOUNT_ID, deployment, 'send-notices'),
          },
        },
      }),
    );
    if (organizationId === null) return;
    const { partition, region, account } = this.bus.stack;
    const manage = allow(
      'OrganizationManagesItsOwnRules',
      RULES,
      [`arn:${partition}:events:${region}:${account}:rule/${this.bus.eventBusName}/*`],
      {
        StringEquals: { 'aws:PrincipalOrgID': organizationId },
        // A rule that does not exist yet has no creator.
        StringEqualsIfExists: { 'events:creatorAccount': '${aws:PrincipalAccount}' },
      },
    );
    manage.addPrincipals(new AnyPrincipal());
    this.#policy(manage);
  }

  get name(): string {
    return this.bus.eventBusName;
  }

  /** The binding of a function that puts events. */
  putter(sid: string): Binding {
    return {
      value: this.bus.eventBusName,
      statements: [allow(sid, ['events:PutEvents'], [this.bus.eventBusArn])],
    };
  }

  /** Not made by CDK's own class, which warns about a property that nobody gave it. */
  #policy(statement: PolicyStatement): void {
    new CfnResource(this, statement.sid ?? '', {
      type: 'AWS::Events::EventBusPolicy',
      properties: {
        StatementId: statement.sid,
        EventBusName: this.bus.eventBusName,
        Statement: statement.toStatementJson() as object,
      },
    });
  }
}
