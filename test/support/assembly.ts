import { inject } from 'vitest';
import { readAssembly, type Assembly } from '../../lib/workbench/cloud/templates/assembly.ts';
import { BUYER_STACK_NAME } from '../../lib/messages/names.ts';

/** The assembly that `cdk deploy` would deploy with the scenarios' settings, synthesized once for all test files of a run. */
export async function scenarioAssembly(): Promise<Assembly> {
  const response = await fetch(`${inject('onceServer')}assembly`);
  const answer = await response.text();
  if (!response.ok) throw new Error(`the scenarios' settings could not be synthesized: ${answer}`);
  return readAssembly(answer);
}

let buyerTemplate: Promise<string> | undefined;

/** The buyers' template of the same assembly. */
export function scenarioBuyerTemplate(): Promise<string> {
  return (buyerTemplate ??= scenarioAssembly().then((assembly) =>
    assembly.template(BUYER_STACK_NAME),
  ));
}
