import { AwsFault } from '../fault.ts';
import { partitionOf } from '../templates/stack.ts';

export interface FunctionReference {
  readonly accountId: string;
  /** Without qualifier. */
  readonly arn: string;
  readonly qualifier: string;
}

/** Name, ARN or partial ARN (`<account>:function:<name>`), each with a qualifier at its end or none (service model, NamespacedFunctionName). */
const REFERENCE =
  /^(?:arn:aws[a-zA-Z-]*:lambda:)?(?:(?<region>[a-z]{2}(?:-gov)?-[a-z]+-\d):)?(?:(?<account>\d{12}):)?(?:function:)?(?<name>[a-zA-Z0-9_.-]+)(?::(?<qualifier>\$LATEST|[a-zA-Z0-9_-]+))?$/;

/** `here`: of the call, for what the reference leaves out. */
export function functionReference(
  given: string,
  here: { readonly accountId: string; readonly region: string; readonly qualifier: string | null },
): FunctionReference {
  const {
    region = here.region,
    account: accountId = here.accountId,
    name,
    qualifier,
  } = partsOf(given);
  if (name === undefined || name.length > 140)
    throw new AwsFault(
      'ValidationException',
      `1 validation error detected: Value '${given}' at 'functionName' failed to satisfy constraint: Member must be a function's name or ARN`,
    );
  if (qualifier !== undefined && here.qualifier !== null && qualifier !== here.qualifier)
    throw new AwsFault(
      'InvalidParameterValueException',
      'The derived qualifier from the function name does not match the specified qualifier.',
    );
  const arn = `arn:${partitionOf(region).partition}:lambda:${region}:${accountId}:function:${name}`;
  return { accountId, arn, qualifier: qualifier ?? here.qualifier ?? '$LATEST' };
}

function partsOf(
  given: string,
): Readonly<Partial<Record<'region' | 'account' | 'name' | 'qualifier', string>>> {
  return REFERENCE.exec(given)?.groups ?? {};
}
