import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import { AnyPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { TEMPLATE_PREFIX, type TemplateAccess } from '../../messages/names.ts';

export interface TemplateHostingProps {
  readonly access: TemplateAccess;
}

/**
 * The bucket in which buyers' CloudFormation finds the buyer template. The one for invited accounts has no policy here: the command line
 * writes all of it, from the buyers in the watch table. The public one is another bucket, because CloudFormation adds no policy if there is
 * one already. The bucket that the settings no longer ask for stays behind, but the stack's policy does not.
 */
export class TemplateHosting extends Construct {
  readonly bucketName: string;

  constructor(scope: Construct, id: string, { access }: TemplateHostingProps) {
    super(scope, id);
    const isPublic = access === 'public';
    const bucket = new Bucket(this, isPublic ? 'PublicBucket' : 'Bucket', {
      encryption: BucketEncryption.S3_MANAGED,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      blockPublicAccess: isPublic ? BlockPublicAccess.BLOCK_ACLS_ONLY : BlockPublicAccess.BLOCK_ALL,
      removalPolicy: RemovalPolicy.RETAIN,
      enforceSSL: isPublic,
    });
    if (isPublic) {
      bucket.addToResourcePolicy(
        new PolicyStatement({
          sid: 'EveryoneReadsTemplates',
          principals: [new AnyPrincipal()],
          actions: ['s3:GetObject'],
          resources: [bucket.arnForObjects(`${TEMPLATE_PREFIX}*`)],
        }),
      );
    }
    this.#acknowledge(bucket, isPublic);
    this.bucketName = bucket.bucketName;
  }

  #acknowledge(bucket: Bucket, isPublic: boolean): void {
    Validations.of(bucket).acknowledge({
      id: 'AwsSolutions-S1',
      reason:
        'It holds nothing but a template without secrets, whose readers CloudTrail can record.',
    });
    Validations.of(bucket).acknowledge(
      isPublic
        ? {
            id: 'AwsSolutions-S2',
            reason: 'The seller asked for it: publicTemplate in cdk.json. ACLs stay blocked.',
          }
        : {
            id: 'AwsSolutions-S10',
            reason: 'The policy that the command line writes demands TLS before it opens anything.',
          },
    );
  }
}
