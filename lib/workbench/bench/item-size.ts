/** An attribute value in DynamoDB's JSON: `{ "S": "text" }`. */
export type AttributeValue = Readonly<Record<string, unknown>>;
export type Item = Readonly<Record<string, AttributeValue>>;

/**
 * The bytes of an item by DynamoDB's rules (developer guide, "DynamoDB item sizes and formats"): names and strings in UTF-8, a number
 * about half a byte per digit plus 1, a list or map 3 plus 1 for each element.
 */
export function itemBytes(item: Item): number {
  return Object.entries(item).reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) + valueBytes(value),
    0,
  );
}

function valueBytes(value: AttributeValue): number {
  const [[type, content] = ['', '']] = Object.entries(value);
  switch (type) {
    case 'S':
      return Buffer.byteLength(String(content));
    case 'N':
      return Math.ceil(String(content).replace(/\D/g, '').length / 2) + 1;
    case 'BOOL':
    case 'NULL':
      return 1;
    case 'L':
      return (content as AttributeValue[]).reduce((sum, each) => sum + 1 + valueBytes(each), 3);
    case 'M':
      return Object.values(content as Item).reduce(
        (sum, each) => sum + 1 + valueBytes(each),
        3 + namesOf(content as Item),
      );
    default:
      throw new Error(
        `the tables hold no attributes of type ${type}; expected S, N, BOOL, NULL, L or M`,
      );
  }
}

function namesOf(map: Item): number {
  return Object.keys(map).reduce((sum, name) => sum + Buffer.byteLength(name), 0);
}
