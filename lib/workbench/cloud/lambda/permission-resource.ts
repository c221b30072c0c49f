import { immediate, textProperty } from '../immediate-resource.ts';
import type { CreatedResource, Properties, ResourceContext, ResourceHandler } from '../resource.ts';
import type { Functions } from './functions.ts';

/** AWS::Lambda::Permission: a statement of the function's resource policy. */
export function permissionHandler(functions: Functions): ResourceHandler {
  const put = (
    properties: Properties,
    statementId: string,
    { accountId }: ResourceContext,
  ): CreatedResource => {
    const arn = arnOf(properties, accountId, functions);
    if (arn === undefined)
      throw new Error(`Function not found: ${textProperty(properties, 'FunctionName')}`);
    functions.permit(arn, statementId, statementOf(properties, statementId, arn));
    return { physicalId: statementId, attributes: { Id: statementId } };
  };
  return immediate({
    type: 'AWS::Lambda::Permission',
    properties: ['Action', 'FunctionName', 'Principal', 'SourceAccount', 'SourceArn'],
    create: (properties, context) => put(properties, context.generatedName(100), context),
    update: (properties, current, _previous, context) =>
      put(properties, current.physicalId, context),
    remove: ({ physicalId }, properties, { accountId }) => {
      const arn = arnOf(properties, accountId, functions);
      if (arn !== undefined) functions.permit(arn, physicalId, undefined);
    },
  });
}

function arnOf(
  properties: Properties,
  accountId: string,
  functions: Functions,
): string | undefined {
  return functions.find(accountId, textProperty(properties, 'FunctionName'))?.arn;
}

function statementOf(properties: Properties, statementId: string, functionArn: string): object {
  const principal = textProperty(properties, 'Principal');
  const { SourceArn: sourceArn, SourceAccount: sourceAccount } = properties;
  const condition = {
    ...(sourceArn !== undefined && { ArnLike: { 'AWS:SourceArn': sourceArn } }),
    ...(sourceAccount !== undefined && { StringEquals: { 'AWS:SourceAccount': sourceAccount } }),
  };
  return {
    Sid: statementId,
    Effect: 'Allow',
    Principal: principal.includes('.amazonaws.com') ? { Service: principal } : { AWS: principal },
    Action: textProperty(properties, 'Action'),
    Resource: functionArn,
    ...(Object.keys(condition).length > 0 && { Condition: condition }),
  };
}
