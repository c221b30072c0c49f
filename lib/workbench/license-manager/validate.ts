import { refuse } from './errors.ts';
import type { AnyStructure, Shape, ValueOf } from './shape.ts';

/**
 * Reads a request body as AWS's JSON 1.1 services do: first the types (SerializationException at the first mismatch), then every constraint
 * at once (ValidationException with all of them). Members that the model does not know are silently dropped, and `null` is an absent
 * member: AWS's JSON services do so with a client newer than themselves.
 */
export function validate<S extends AnyStructure>(shape: S, body: string): ValueOf<S> {
  const value = deserialize(shape, parse(body));
  const violations = [...constraints(shape, value, '')];
  if (violations.length > 0) refuse('ValidationException', detected(violations));
  return value as ValueOf<S>;
}

/** All violations of a request, in the words that AWS's services share. */
export function detected(violations: readonly string[]): string {
  const { length } = violations;
  return `${length} validation error${length === 1 ? '' : 's'} detected: ${violations.join('; ')}`;
}

function parse(body: string): unknown {
  if (body === '') return {};
  try {
    return JSON.parse(body);
  } catch (error) {
    return refuse('SerializationException', `The body is not JSON: ${String(error)}`);
  }
}

function deserialize(shape: Shape, value: unknown): unknown {
  switch (shape.kind) {
    case 'string':
      return typeof value === 'string' ? value : mismatch(value, 'a String');
    case 'integer':
    case 'long':
      if (typeof value !== 'number')
        return mismatch(value, shape.kind === 'long' ? 'a Long' : 'an Integer');
      return Math.trunc(value);
    case 'boolean':
      return typeof value === 'boolean' ? value : mismatch(value, 'a Boolean');
    case 'list':
      if (!Array.isArray(value)) return mismatch(value, 'a List');
      return value.map((member: unknown) => deserialize(shape.member, member));
    case 'structure':
      return structureOf(shape, value);
  }
}

function structureOf(shape: AnyStructure, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return mismatch(value, 'a Structure');
  const given = new Map(Object.entries(value));
  const result: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(shape.members)) {
    const of = given.get(name) as unknown;
    if (of !== undefined && of !== null) result[name] = deserialize(member, of);
  }
  return result;
}

/** The words of AWS's JSON services for a value of the wrong type. */
function mismatch(value: unknown, wanted: string): never {
  if (Array.isArray(value))
    refuse('SerializationException', 'Start of list found where not expected');
  if (typeof value === 'object' && value !== null) {
    refuse('SerializationException', 'Start of structure or map found where not expected.');
  }
  const token = typeof value === 'boolean' || value === null ? String(value) : typeof value;
  return refuse(
    'SerializationException',
    `${token.toUpperCase()}_VALUE can not be converted to ${wanted}`,
  );
}

/** What of `value`, at `path` of a request, is against the shape. */
export function* constraints(shape: Shape, value: unknown, path: string): Generator<string> {
  switch (shape.kind) {
    case 'string':
      yield* stringConstraints(shape, String(value), path);
      break;
    case 'integer':
    case 'long':
      yield* bounds(shape, Number(value), String(value), path, 'value');
      break;
    case 'boolean':
      break;
    case 'list': {
      const members = value as readonly unknown[];
      yield* bounds(shape, members.length, JSON.stringify(members), path, 'length');
      for (const [index, member] of members.entries()) {
        yield* constraints(shape.member, member, `${path}.${index + 1}.member`);
      }
      break;
    }
    case 'structure': {
      const given = value as Readonly<Record<string, unknown>>;
      for (const [name, member] of Object.entries(shape.members)) {
        const at = path === '' ? lowerFirst(name) : `${path}.${lowerFirst(name)}`;
        if (given[name] !== undefined) yield* constraints(member, given[name], at);
        else if (shape.required.includes(name))
          yield violation('null', at, 'Member must not be null');
      }
      break;
    }
  }
}

function* stringConstraints(
  shape: Extract<Shape, { kind: 'string' }>,
  value: string,
  path: string,
): Generator<string> {
  const { pattern, values } = shape;
  yield* bounds(shape, value.length, value, path, 'length');
  if (pattern !== undefined && !new RegExp(`^(?:${pattern})$`).test(value)) {
    yield violation(
      `'${value}'`,
      path,
      `Member must satisfy regular expression pattern: ${pattern}`,
    );
  }
  if (values !== undefined && !values.includes(value)) {
    yield violation(
      `'${value}'`,
      path,
      `Member must satisfy enum value set: [${values.join(', ')}]`,
    );
  }
}

function* bounds(
  { min, max }: { readonly min?: number; readonly max?: number },
  size: number,
  shown: string,
  path: string,
  what: 'value' | 'length',
): Generator<string> {
  if (min !== undefined && size < min) {
    yield violation(`'${shown}'`, path, `Member must have ${what} greater than or equal to ${min}`);
  }
  if (max !== undefined && size > max) {
    yield violation(`'${shown}'`, path, `Member must have ${what} less than or equal to ${max}`);
  }
}

function violation(value: string, path: string, constraint: string): string {
  return `Value ${value} at '${path}' failed to satisfy constraint: ${constraint}`;
}

function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
