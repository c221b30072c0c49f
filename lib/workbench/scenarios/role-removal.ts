import type { IamRegistry } from '../cloud/iam/registry.ts';

/** A role deleted by hand, past CloudFormation. Answers with its end: the same role again, as the template has it. */
export function removeRoleByHand(iam: IamRegistry, arn: string): () => void {
  const role = iam.role(arn);
  if (role === undefined) throw new Error(`there is no role ${arn} to remove`);
  for (const name of role.inline.keys()) iam.deleteRolePolicy(arn, name);
  iam.deleteRole(arn);
  return () => {
    iam.createRole(role);
    for (const [name, document] of role.inline) iam.putRolePolicy(arn, name, document);
  };
}
