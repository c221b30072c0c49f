/** A schema of an npm client: kind, namespace, name, traits, member names, member schemas, and how many of them are required. */
type Schema = readonly unknown[];

/** A published shape in plain words: `string`, `number`, `boolean`, `time`, a list of one shape, or a structure's members. */
export type Published =
  | string
  | readonly [Published]
  | {
      readonly required: readonly string[];
      readonly members: Readonly<Record<string, Published>>;
      readonly isUnion?: true;
    };

const SIMPLE: Readonly<Record<number, string>> = {
  0: 'string',
  1: 'number',
  2: 'boolean',
  4: 'time',
};
/** Kinds of schemas, and the bit that makes a simple type a list of it. */
const [LIST, STRUCTURE, UNION, LIST_OF] = [1, 3, 4, 64];

export function published(schema: unknown): Published {
  if (typeof schema === 'function') return published((schema as () => unknown)());
  if (typeof schema === 'number') {
    const simple = SIMPLE[schema & ~LIST_OF];
    if (simple === undefined) throw new Error(`this test does not know the simple type ${schema}`);
    return (schema & LIST_OF) === 0 ? simple : [simple];
  }
  const [kind, , , , names = [], members = [], required = 0] = schema as [
    unknown,
    ...[string, string, unknown, string[]?, unknown[]?, number?],
  ];
  // A member with traits of its own: its schema, and they.
  if ((schema as Schema).length === 2) return published(kind);
  if (kind === LIST) return [published(names)];
  if (kind !== STRUCTURE && kind !== UNION)
    throw new Error(`this test does not know the kind ${String(kind)} of a schema`);
  return {
    required: names.slice(0, required).toSorted(),
    members: Object.fromEntries(names.map((name, index) => [name, published(members[index])])),
    ...(kind === UNION && { isUnion: true as const }),
  };
}

/** Throws if an answer has a member or a type that the published output shape does not have, or lacks one that it requires. */
export function checkAgainst(schema: Schema, value: unknown): void {
  check(published(schema), value, String(schema[2]));
}

function check(shape: Published, value: unknown, at: string): void {
  if (typeof shape === 'string') {
    const type = shape === 'time' ? 'number' : shape;
    if (typeof value !== type) throw new Error(`${at} is ${typeof value}, in the model ${type}`);
    return;
  }
  if ('members' in shape) {
    const given = Object.entries(value as object) as [string, unknown][];
    if (shape.isUnion === true && given.length !== 1)
      throw new Error(`${at} has ${given.length} members of a union`);
    for (const [name, member] of given) {
      const of = shape.members[name];
      if (of === undefined) throw new Error(`${at} has ${name}, which the model does not know`);
      check(of, member, `${at}.${name}`);
    }
    const missing = shape.required.find((name) => given.every(([each]) => each !== name));
    if (missing !== undefined) throw new Error(`${at} lacks ${missing}, which the model requires`);
    return;
  }
  if (!Array.isArray(value)) throw new Error(`${at} is no list`);
  for (const each of value) check(shape[0], each, `${at}[]`);
}
