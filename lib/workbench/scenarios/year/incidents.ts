import { FAREWELL_RESOURCE, registrationTopicName } from '../../../messages/names.ts';
import { AwsFault } from '../../cloud/fault.ts';
import { uuid, responseHost } from '../../cloud/templates/custom-resources.ts';
import type { ScenarioBuyer } from '../scenario-run.ts';
import { removeRoleByHand, type ScenarioActions } from './actions.ts';
import type { Terms } from '../test-licenses.ts';

/** Each incident is something that goes wrong; if it can end, it returns a function that ends it. */
type End = () => void;

/** Deletes the reading role by hand, in the buyer's account. Its end creates the same role again, as in the template. */
export function removeRole(actions: ScenarioActions, buyer: ScenarioBuyer): End {
  return removeRoleByHand(actions.cloud.iam, actions.readingRoleOf(buyer));
}

/** Makes the next Amended event about a buyer get lost (`copies` 0) or come twice (2). */
export function disturbEvent(
  { cloud }: ScenarioActions,
  { accountId }: ScenarioBuyer,
  copies: 0 | 2,
): void {
  const isAbout = (detail: unknown): boolean =>
    (detail as { acceptor?: { accountId?: string } }).acceptor?.accountId === accountId;
  cloud.eventBuses.disturb({
    when: (event) => String(event['detail-type']).includes('Amended') && isAbout(event['detail']),
    copies,
    times: 1,
  });
}

/** Makes License Manager answer everything with an internal failure, for one account or for all. */
export function failLicenseManager({ cloud }: ScenarioActions, buyer?: ScenarioBuyer): End {
  return cloud.licenseManager.faults.inject(
    { kind: 'failing' },
    buyer && { accountId: buyer.accountId },
  );
}

/** Makes STS refuse every role of every buyer, in the same words as for a deleted role. */
export function refuseAllRoles({ cloud }: ScenarioActions): End {
  const words = 'User is not authorized to perform: sts:AssumeRole';
  return cloud.faults.inject({
    service: 'sts',
    operation: 'AssumeRole',
    answer: new AwsFault('AccessDenied', words, 403),
  });
}

/** Makes License Manager refuse the buyer's checkouts as if it owned nothing, though the reads say otherwise. */
export function refuseCheckouts({ cloud }: ScenarioActions, { accountId }: ScenarioBuyer): End {
  return cloud.faults.inject({
    service: 'license-manager',
    operation: 'CheckoutLicense',
    when: ({ caller }) => caller.accountId === accountId,
    answer: new AwsFault('NoEntitlementsAllowedException', 'No Entitlements Allowed'),
  });
}

/** Makes both reads of a license return an earlier version. */
export function answerStale(
  actions: ScenarioActions,
  title: string,
  version: string,
  before: Partial<Terms>,
): End {
  const { licenseArn, buyerAccountId } = actions.license(title);
  const { faults } = actions.cloud.licenseManager;
  const ends = ['ListReceivedLicenses', 'GetLicense'].map((operation) =>
    faults.inject(
      { kind: 'altered', alter: eachLicense(asItWas) },
      { accountId: buyerAccountId, operation },
    ),
  );
  return () => {
    for (const end of ends) end();
  };

  function asItWas(license: AnsweredLicense): AnsweredLicense {
    if (license['LicenseArn'] !== licenseArn) return license;
    return {
      ...license,
      Version: version,
      ...(before.entitlements && { Entitlements: before.entitlements }),
    };
  }
}

/** Drops the license off the buyer's list; AWS does not say why. */
export function hideLicense(actions: ScenarioActions, title: string): End {
  const { licenseArn, buyerAccountId } = actions.license(title);
  return actions.cloud.licenseManager.faults.inject(
    {
      kind: 'altered',
      alter: ({ Licenses, ...rest }) => ({
        ...rest,
        Licenses: (Licenses as readonly AnsweredLicense[]).filter(
          (license) => license['LicenseArn'] !== licenseArn,
        ),
      }),
    },
    { accountId: buyerAccountId, operation: 'ListReceivedLicenses' },
  );
}

/**
 * Publishes a farewell in the buyer's name from a stranger, who knows everything that a stranger can learn: stack, deployment, even
 * the ExternalId.
 */
export async function forgeFarewell(actions: ScenarioActions, buyer: ScenarioBuyer): Promise<void> {
  const { topics, region, clock } = actions.cloud;
  const { id: stackId, parameters } = actions.stackOf(buyer);
  const topic = topics
    .all()
    .find(({ name }) => name === registrationTopicName(String(parameters['Deployment'])));
  if (topic === undefined) throw new Error('the watcher has no registration topic');
  const requestId = uuid(`forged ${stackId}`);
  const farewell = {
    RequestType: 'Delete',
    ResponseURL: `https://${responseHost(region)}/${encodeURIComponent(`${stackId}|Farewell|${requestId}`)}?Signature=forged`,
    StackId: stackId,
    RequestId: requestId,
    LogicalResourceId: 'Farewell',
    ResourceType: FAREWELL_RESOURCE,
    PhysicalResourceId: 'forged',
    ResourceProperties: {
      Deployment: parameters['Deployment'],
      ExternalId: parameters['ExternalId'],
    },
  };
  const stranger = {
    kind: 'root',
    accountId: '123123123123',
    arn: 'arn:aws:iam::123123123123:root',
  } as const;
  await clock.track(
    topics
      .publish(topic.arn, { message: JSON.stringify(farewell) }, stranger)
      .then(() => undefined),
  );
}

type AnsweredLicense = Readonly<Record<string, unknown>>;

/** Alters every license in the answer of a list or of a single license. */
function eachLicense(alter: (license: AnsweredLicense) => AnsweredLicense) {
  return (output: Record<string, unknown>): Record<string, unknown> => {
    const { Licenses: licenses, License: license } = output as {
      Licenses?: readonly AnsweredLicense[];
      License?: AnsweredLicense;
    };
    return {
      ...output,
      ...(licenses && { Licenses: licenses.map(alter) }),
      ...(license && { License: alter(license) }),
    };
  };
}
