import { refuse } from './errors.ts';
import type { AnyStructure, ValueOf } from './shape.ts';
import type { World } from './state.ts';
import { validate } from './validate.ts';

/** One call on its way through an operation. */
export interface Call {
  /** The account that calls. */
  readonly accountId: string;
  readonly region: string;
  readonly now: number;
  readonly world: World;
}

export interface OperationDefinition<Input extends AnyStructure> {
  /** The API's name: what follows the dot in X-Amz-Target. */
  readonly name: string;
  readonly input: Input;
  /** Members of the model that nothing here needs. A request that has one is refused: it would be ignored. */
  readonly notBuilt?: readonly (keyof Input['members'] & string)[];
  /** The member that IAM uses as the resource. Absent: the action has no resource-level permission. */
  readonly resource?: 'LicenseArn' | 'GrantArn';
  readonly run: (input: ValueOf<Input>, call: Call) => Record<string, unknown>;
}

export interface Operation {
  readonly name: string;
  readonly input: AnyStructure;
  readonly resource: 'LicenseArn' | 'GrantArn' | undefined;
  readonly perform: (body: string, call: Call) => Record<string, unknown>;
}

export function operation<Input extends AnyStructure>(
  definition: OperationDefinition<Input>,
): Operation {
  const { name, input, resource, notBuilt = [], run } = definition;
  return {
    ...{ name, input, resource },
    perform: (body, call) => {
      const given = validate(input, body);
      const refused = notBuilt.find((member) => Object.hasOwn(given, member));
      if (refused !== undefined)
        refuse('NotImplemented', `${refused} of ${name} is not built here`);
      return run(given, call);
    },
  };
}
