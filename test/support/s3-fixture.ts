import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { S3Client } from '@aws-sdk/client-s3';
import type { PolicyDocument } from '../../lib/workbench/cloud/authorizer.ts';
import { startFront } from '../../lib/workbench/cloud/front.ts';
import { Buckets } from '../../lib/workbench/cloud/s3/buckets.ts';
import {
  bucketHandler,
  bucketPolicyHandler,
  templateReader,
} from '../../lib/workbench/cloud/s3/resources.ts';
import { s3Service, unsignedS3 } from '../../lib/workbench/cloud/s3/service.ts';
import { CloudFormation } from '../../lib/workbench/cloud/templates/cloudformation.ts';
import { CustomResources } from '../../lib/workbench/cloud/templates/custom-resources.ts';
import { cloudFormationService } from '../../lib/workbench/cloud/templates/service.ts';
import type { Stack } from '../../lib/workbench/cloud/templates/stack.ts';
import { clientOf, bareCloud, member, REGION, SELLER } from './bare-cloud.ts';

/** The seller's bucket in every test. */
export const BUCKET = 'templates';
export const BUCKET_ARN = `arn:aws:s3:::${BUCKET}`;

/** S3 and CloudFormation behind a front, with one private bucket of the seller. Real policies authorize the calls. */
export async function s3Fixture() {
  const bare = bareCloud();
  const { clock, access, credentials } = bare;
  const buckets = new Buckets();
  const bucket = buckets.create({
    name: BUCKET,
    arn: BUCKET_ARN,
    accountId: SELLER,
    publicAccess: { blockPublicPolicy: true, restrictPublicBuckets: true },
  });
  const s3 = s3Service({ buckets, access, clock });
  const cloudFormation = new CloudFormation({
    clock,
    region: REGION,
    customResources: new CustomResources({ clock, publish: () => Promise.resolve() }),
    asset: (key) => key,
    ssm: {},
    handlers: [bucketHandler(buckets), bucketPolicyHandler(buckets)],
  });
  const readTemplate = templateReader({ buckets, access, endpoint: () => front.url });
  const services = [s3, cloudFormationService(cloudFormation, { readTemplate, access })];
  const front = await startFront({
    ...bare,
    services,
    routes: [unsignedS3({ service: s3, buckets })],
  });
  const admin = (accountId: string) => clientOf({ front }, credentials.root(accountId));
  return {
    ...bare,
    front,
    buckets,
    bucket,
    cloudFormation,
    /** The client of an account's administrator. */
    client: (accountId = SELLER) => new S3Client(admin(accountId)),
    cloudFormationClient: (accountId: string) => new CloudFormationClient(admin(accountId)),
    /** The client of a role that may do only what `document` allows. */
    member: (name: string, document: PolicyDocument, accountId = SELLER) => {
      const { role } = member(bare.iam, { name, accountId }, document);
      return new S3Client(clientOf({ front }, credentials.session(role, 'session', 900)));
    },
    /** The seller's stack with these resources; created, or updated if it exists. */
    deployed: async (resources: object): Promise<Stack> => {
      const caller = {
        kind: 'root',
        accountId: SELLER,
        arn: `arn:aws:iam::${SELLER}:root`,
      } as const;
      const template = JSON.stringify({ Resources: resources });
      const request = { stackName: 'Watcher', template, parameters: {}, capabilities: [] };
      const exists = cloudFormation.find(SELLER, 'Watcher') !== undefined;
      const stack = exists
        ? cloudFormation.updateStack(caller, request)
        : cloudFormation.createStack(caller, request);
      await cloudFormation.done(stack);
      return stack;
    },
    [Symbol.asyncDispose]: () => front.close(),
  };
}
