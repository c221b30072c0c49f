import { quoted } from '../../domain/outside-text.ts';

/** An input that CloudFormation itself would refuse, in its words if they are known. Error code `ValidationError`. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
}

// CloudFormation's functions, for the approval page and for the local cloud: what the page says about a template is what runs.

/** What `Ref`, `Fn::GetAtt` and `Fn::If` look up. */
export interface Scope {
  /** A parameter, a pseudo parameter or the physical ID of a resource; undefined: no such name. */
  ref(name: string): unknown;
  /** Undefined: the resource has no such attribute. Throws if there is no such resource. */
  getAtt(logicalId: string, attribute: string): unknown;
  condition(name: string): boolean;
}

/** What a `{ Ref: AWS::NoValue }` resolves to: the property that holds it disappears. */
const NO_VALUE = Symbol('AWS::NoValue');

/** Returns `value` with every intrinsic resolved and every `AWS::NoValue` gone. Throws for an intrinsic that is not known here. */
export function resolve(value: unknown, scope: Scope): unknown {
  const resolved = resolveAny(value, scope);
  return resolved === NO_VALUE ? undefined : resolved;
}

function resolveAny(value: unknown, scope: Scope): unknown {
  if (Array.isArray(value))
    return value.map((each) => resolveAny(each, scope)).filter((each) => each !== NO_VALUE);
  if (typeof value === 'string') return refuseDynamicReference(value);
  if (typeof value !== 'object' || value === null) return value;
  const [only, ...others] = Object.keys(value);
  if (
    only !== undefined &&
    others.length === 0 &&
    (only === 'Ref' || only === 'Condition' || only.startsWith('Fn::'))
  ) {
    const argument = (value as Record<string, unknown>)[only];
    // `Condition` is an intrinsic only inside conditions; elsewhere it is a property (of a policy statement) like any other.
    if (only !== 'Condition' || typeof argument === 'string') return apply(only, argument, scope);
  }
  return Object.fromEntries(
    Object.entries(value)
      .map(([name, each]) => [name, resolveAny(each, scope)] as const)
      .filter(([, each]) => each !== NO_VALUE),
  );
}

function apply(name: string, argument: unknown, scope: Scope): unknown {
  const known = INTRINSICS[name];
  if (known === undefined) {
    throw new TemplateError(
      `the intrinsic ${name} is not known here; known are ${Object.keys(INTRINSICS).join(', ')}`,
    );
  }
  return known(argument, scope);
}

type Intrinsic = (argument: unknown, scope: Scope) => unknown;

const INTRINSICS: Readonly<Record<string, Intrinsic>> = {
  Ref: (argument, scope) => {
    const name = text('Ref', argument);
    if (name === 'AWS::NoValue') return NO_VALUE;
    const value = scope.ref(name);
    if (value === undefined)
      throw new TemplateError(`Unresolved resource dependencies [${name}] in the template`);
    return value;
  },
  'Fn::GetAtt': (argument, scope) => {
    const [logicalId, ...path] =
      typeof argument === 'string' ? argument.split('.') : list('Fn::GetAtt', argument).map(String);
    const attribute = path.join('.');
    const value = scope.getAtt(logicalId ?? '', attribute);
    if (value === undefined)
      throw new TemplateError(
        `Requested attribute ${attribute} does not exist in schema of ${logicalId ?? ''}`,
      );
    return value;
  },
  'Fn::Sub': (argument, scope) => {
    const [template, variables] =
      typeof argument === 'string' ? [argument, {}] : list('Fn::Sub', argument);
    const own = variables as Record<string, unknown>;
    return text('Fn::Sub', template).replace(
      /\$\{(!?)([^{}]*)\}/g,
      (_whole, literal: string, name: string) => {
        if (literal === '!') return `\${${name}}`;
        const value = Object.hasOwn(own, name)
          ? resolveAny(own[name], scope)
          : apply(name.includes('.') ? 'Fn::GetAtt' : 'Ref', name, scope);
        return text(`\${${name}} of Fn::Sub`, value);
      },
    );
  },
  'Fn::Join': (argument, scope) => {
    const [separator, values] = list('Fn::Join', argument);
    return list('Fn::Join', resolveAny(values, scope))
      .map((each) => text('Fn::Join', each))
      .join(text('Fn::Join', separator));
  },
  'Fn::Select': (argument, scope) => {
    const [index, values] = list('Fn::Select', resolveAny(argument, scope));
    const value = list('Fn::Select', values)[Number(index)];
    if (value === undefined)
      throw new TemplateError(
        `Fn::Select cannot select nonexistent value at index ${String(index)}`,
      );
    return value;
  },
  'Fn::Split': (argument, scope) => {
    const [separator, source] = list('Fn::Split', resolveAny(argument, scope));
    return text('Fn::Split', source).split(text('Fn::Split', separator));
  },
  'Fn::If': (argument, scope) => {
    const [name, yes, no] = list('Fn::If', argument);
    return resolveAny(scope.condition(text('Fn::If', name)) ? yes : no, scope);
  },
  Condition: (argument, scope) => scope.condition(text('Condition', argument)),
  'Fn::Equals': (argument, scope) => {
    const [left, right] = list('Fn::Equals', resolveAny(argument, scope));
    return String(left) === String(right);
  },
  'Fn::Not': (argument, scope) => list('Fn::Not', resolveAny(argument, scope))[0] !== true,
  'Fn::And': (argument, scope) =>
    list('Fn::And', resolveAny(argument, scope)).every((each) => each === true),
  'Fn::Or': (argument, scope) =>
    list('Fn::Or', resolveAny(argument, scope)).some((each) => each === true),
  'Fn::Contains': (argument, scope) => {
    const [values, value] = list('Fn::Contains', resolveAny(argument, scope));
    return list('Fn::Contains', values).includes(value);
  },
};

function list(intrinsic: string, value: unknown): unknown[] {
  if (!Array.isArray(value))
    throw new TemplateError(`${intrinsic} expects a list, got ${quoted(value)}`);
  return value as unknown[];
}

function text(intrinsic: string, value: unknown): string {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return String(value);
  throw new TemplateError(`${intrinsic} expects a string, got ${quoted(value)}`);
}

function refuseDynamicReference(value: string): string {
  if (value.includes('{{resolve:'))
    throw new TemplateError(`dynamic references are not resolved, got ${value}`);
  return value;
}

/** Names that `value` refers to by Ref, Fn::GetAtt and Fn::Sub, whichever branch a condition may choose. */
export function references(value: unknown): Set<string> {
  const found = new Set<string>();
  collect(value, found);
  return found;
}

function collect(value: unknown, found: Set<string>): void {
  if (Array.isArray(value)) for (const each of value) collect(each, found);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
  for (const [name, argument] of Object.entries(value)) {
    if (name === 'Ref' && typeof argument === 'string') found.add(argument);
    else if (name === 'Fn::GetAtt')
      found.add(
        String(typeof argument === 'string' ? argument.split('.')[0] : (argument as unknown[])[0]),
      );
    else if (name === 'Fn::Sub') {
      const template = typeof argument === 'string' ? argument : String((argument as unknown[])[0]);
      for (const match of template.matchAll(/\$\{([^!}][^}.]*)/g)) found.add(match[1] ?? '');
      collect(argument, found);
    } else collect(argument, found);
  }
}
