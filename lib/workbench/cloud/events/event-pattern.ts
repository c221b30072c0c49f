import { holds, isScalar, unknownMatch, type Condition } from '../match-condition.ts';

/** Every field must match: any of its conditions, or, if it is an object, all of its own fields. */
export interface EventPattern {
  readonly [field: string]: readonly Condition[] | EventPattern;
}

/** Reads a pattern. Refuses by name anything that the local cloud would ignore: a rule must not silently match everything or nothing. */
export function eventPattern(value: unknown, path: readonly string[] = []): EventPattern {
  const fields = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  if (fields.length === 0 || Array.isArray(value))
    throw invalidPattern(path, `an object with a field is expected, got ${JSON.stringify(value)}`);
  for (const [field, expected] of fields as [string, unknown][]) {
    const here = [...path, field];
    if (field.startsWith('$')) throw invalidPattern(here, 'the local cloud does not know it');
    if (!Array.isArray(expected)) eventPattern(expected, here);
    else if (expected.length === 0) throw invalidPattern(here, 'Empty arrays are not allowed');
    else
      for (const condition of expected as unknown[]) {
        const unknown = unknownMatch(condition);
        if (unknown !== undefined) throw invalidPattern(here, unknown);
      }
  }
  return value as EventPattern;
}

/** True if the event matches. An array in the event matches if any member does (user guide, "Matching on arrays"). */
export function isMatch(pattern: EventPattern, event: unknown): boolean {
  if (Array.isArray(event)) return event.some((each) => isMatch(pattern, each));
  const fields = isScalar(event) ? {} : (event as Readonly<Record<string, unknown>>);
  return Object.entries(pattern).every(([field, expected]) => {
    const value = Object.hasOwn(fields, field) ? fields[field] : undefined;
    if (!isConditions(expected)) return isMatch(expected, value ?? {});
    const values = leaves(value);
    return expected.some((condition) => holds(condition, values));
  });
}

function isConditions(expected: EventPattern[string]): expected is readonly Condition[] {
  return Array.isArray(expected);
}

/** The values at a field; undefined for an object: "Exists matching only works on leaf nodes" (user guide). */
function leaves(value: unknown): Parameters<typeof holds>[1] {
  const all = [value].flat().filter(isScalar);
  return value === undefined || (all.length === 0 && !Array.isArray(value)) ? undefined : all;
}

function invalidPattern(path: readonly string[], reason: string): Error {
  return new Error(`Event pattern is not valid. Reason: ${path.join('.') || 'it'}: ${reason}`);
}
