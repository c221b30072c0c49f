import type { PolicyDocument } from '../authorizer.ts';
import { textProperty, type ResourceHandler } from '../resource.ts';
import type { IamRegistry } from './registry.ts';

/** AWS::IAM::ManagedPolicy: `Ref` is its ARN. */
export function managedPolicyResource(iam: IamRegistry): ResourceHandler {
  return {
    type: 'AWS::IAM::ManagedPolicy',
    properties: 'Description Path PolicyDocument',
    put: (properties, context, current) => {
      const { partition, accountId } = context;
      const document = properties['PolicyDocument'] as PolicyDocument;
      const path = textProperty(properties, 'Path', '/');
      const arn = `arn:${partition}:iam::${accountId}:policy${path}${context.generatedName(128)}`;
      if (current?.physicalId === arn) iam.setPolicyDocument(arn, document);
      else iam.createPolicy({ arn, document });
      return { physicalId: arn, attributes: { PolicyArn: arn } };
    },
    remove: ({ physicalId }) => {
      iam.deletePolicy(physicalId);
    },
  };
}
