/** The shapes of the published model that the operations here use: what a member of a request may be. */
export interface StringShape<Value extends string = string> {
  readonly kind: 'string';
  readonly min?: number;
  readonly max?: number;
  /** Matched against the whole value. */
  readonly pattern?: string;
  readonly values?: readonly Value[];
}

export interface NumberShape {
  readonly kind: 'integer' | 'long';
  readonly min?: number;
  readonly max?: number;
}

export interface BooleanShape {
  readonly kind: 'boolean';
}

export interface ListShape<Member> {
  readonly kind: 'list';
  readonly member: Member;
  readonly min?: number;
  readonly max?: number;
}

export interface StructureShape<Members, Required extends keyof Members> {
  readonly kind: 'structure';
  readonly required: readonly Required[];
  readonly members: Members;
}

export type Shape = StringShape | NumberShape | BooleanShape | ListShape<Shape> | AnyStructure;
export type Members = Readonly<Record<string, Shape>>;
export type AnyStructure = StructureShape<Members, string>;

/** The TypeScript type of a value that satisfies a shape. */
export type ValueOf<S> =
  S extends StringShape<infer Value>
    ? Value
    : S extends NumberShape
      ? number
      : S extends BooleanShape
        ? boolean
        : S extends ListShape<infer Member>
          ? readonly ValueOf<Member>[]
          : S extends {
                readonly kind: 'structure';
                readonly required: readonly (infer R)[];
                readonly members: infer M;
              }
            ? { readonly [K in R & keyof M]: ValueOf<M[K]> } & {
                readonly [K in Exclude<keyof M, R>]?: ValueOf<M[K]> | undefined;
              }
            : never;

export const STRING: StringShape = { kind: 'string' };
export const BOOLEAN: BooleanShape = { kind: 'boolean' };
export const INTEGER: NumberShape = { kind: 'integer' };
export const LONG: NumberShape = { kind: 'long' };

export function oneOf<const Value extends string>(...values: readonly Value[]): StringShape<Value> {
  return { kind: 'string', values };
}

export function list<Member extends Shape>(
  member: Member,
  bounds: { readonly min?: number; readonly max?: number } = {},
): ListShape<Member> {
  return { kind: 'list', member, ...bounds };
}

export function structure<const M extends Members, const R extends readonly (keyof M & string)[]>(
  required: R,
  members: M,
): StructureShape<M, R[number]> {
  return { kind: 'structure', required, members };
}
