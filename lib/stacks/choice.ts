import { CfnCondition, Fn, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/** Whether a value is, or is not, a certain one: by a condition of the template if a parameter decides; else known now, without one. */
export class Choice {
  readonly #holds: CfnCondition | boolean;

  constructor(
    scope: Construct,
    id: string,
    {
      value,
      is,
      not,
    }: { value: string; is: string; not?: never } | { value: string; not: string; is?: never },
  ) {
    const expected = is ?? not;
    const negated = is === undefined;
    if (!Token.isUnresolved(value)) {
      this.#holds = (value === expected) !== negated;
      return;
    }
    const equal = Fn.conditionEquals(value, expected);
    this.#holds = new CfnCondition(scope, id, {
      expression: negated ? Fn.conditionNot(equal) : equal,
    });
  }

  /** `value` if it holds, else nothing. `spelled`: the value as the template spells it, if that differs. */
  orNothing<Value extends string | object>(value: Value, spelled = value): Value | undefined {
    if (typeof this.#holds === 'boolean') return this.#holds ? value : undefined;
    const chosen = Fn.conditionIf(this.#holds.logicalId, spelled, { Ref: 'AWS::NoValue' });
    return (typeof value === 'string' ? chosen.toString() : chosen) as Value;
  }

  /** Undefined: it always holds. `never`: it never does. */
  get condition(): CfnCondition | undefined | 'never' {
    if (this.#holds === true) return undefined;
    return this.#holds === false ? 'never' : this.#holds;
  }
}
