/** A schema of the npm client: kind, namespace, name, traits, member names, member schemas, and how many of them are required. */
type Schema = readonly unknown[];

const [LIST, STRUCTURE, UNION, STRING, NUMBER, BOOLEAN, TIME] = [1, 3, 4, 0, 1, 2, 4];

/** Throws if an answer has a member or a type that the published output shape does not have, or lacks one that it requires. */
export function checkAgainst(schema: Schema, value: unknown): void {
  check(schema, value, String(schema[2]));
}

function check(schema: unknown, value: unknown, at: string): void {
  if (typeof schema === 'function') {
    check((schema as () => unknown)(), value, at);
    return;
  }
  if (typeof schema === 'number') {
    const simple = {
      [STRING]: 'string',
      [NUMBER]: 'number',
      [BOOLEAN]: 'boolean',
      [TIME]: 'number',
    };
    if (typeof value !== simple[schema])
      throw new Error(`${at} is ${typeof value}, in the model ${simple[schema]}`);
    return;
  }
  const [kind, , , , names = [], members = [], required = 0] = schema as [
    number,
    string,
    string,
    unknown,
    string[]?,
    unknown[]?,
    number?,
  ];
  if (kind === LIST) {
    if (!Array.isArray(value)) throw new Error(`${at} is no list`);
    for (const each of value) check(names, each, `${at}[]`);
    return;
  }
  if (kind !== STRUCTURE && kind !== UNION)
    throw new Error(`${at} has a kind of schema that this test does not know: ${kind}`);
  const given = Object.entries(value as object) as [string, unknown][];
  if (kind === UNION && given.length !== 1)
    throw new Error(`${at} has ${given.length} members of a union`);
  for (const [name, member] of given) {
    const index = names.indexOf(name);
    if (index < 0) throw new Error(`${at} has ${name}, which the model does not know`);
    check(members[index], member, `${at}.${name}`);
  }
  for (const name of names.slice(0, required))
    if (!given.some(([each]) => each === name))
      throw new Error(`${at} lacks ${name}, which the model requires`);
}
