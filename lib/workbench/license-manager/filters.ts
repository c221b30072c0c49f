import { refuse } from './errors.ts';
import type { Filters } from './shapes.ts';

/**
 * Applies a list's filters. `values` names the filters that the operation supports, and the value of a member that each compares. Filters
 * of different names narrow each other; each takes exactly one value (A).
 */
export function filtered<Member>(
  members: readonly Member[],
  filters: Filters | undefined,
  values: Readonly<Record<string, (member: Member) => string | undefined>>,
): readonly Member[] {
  return (filters ?? []).reduce((left, { Name = '', Values = [] }) => {
    const valueOf = Object.entries(values).find(([name]) => name === Name)?.[1];
    if (valueOf === undefined) {
      const supported = Object.keys(values).join(', ');
      return refuse(
        'InvalidParameterValueException',
        `Filter '${Name}' is not supported. Supported: ${supported}`,
      );
    }
    const [value, ...more] = Values;
    if (value === undefined || more.length > 0) {
      return refuse(
        'InvalidParameterValueException',
        `Filter '${Name}' takes one value, not ${Values.length}`,
      );
    }
    return left.filter((member) => valueOf(member) === value);
  }, members);
}
