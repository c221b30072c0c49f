import type { AwsCall } from '../call.ts';
import { AwsFault } from '../fault.ts';
import type { JsonInput } from '../json-protocol.ts';
import { operationOf } from '../signed-request.ts';

/** One table that a call touches, and how. */
export interface TableUse {
  /** The IAM action without its prefix. */
  readonly action: string;
  readonly table: string;
  readonly index?: string | undefined;
  /** Value of `dynamodb:EnclosingOperation`, if IAM has one. */
  readonly enclosing?: string;
  /** Value of `dynamodb:LeadingKeys`: the partition keys, if the call queries the table itself and names one. */
  readonly leadingKeys?: readonly string[];
}

/** How an operation names its tables. */
interface TableNaming {
  uses(input: JsonInput): TableUse[];
  /** The input with every table renamed. */
  renamed(input: JsonInput, rename: (table: string) => string): JsonInput;
}

type Members = Readonly<Record<string, unknown>>;

const NAMINGS: Readonly<Record<string, TableNaming>> = {
  ...Object.fromEntries(
    ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'Query', 'Scan'].map((name) => [
      name,
      oneTable(name),
    ]),
  ),
  BatchGetItem: batch('BatchGetItem'),
  BatchWriteItem: batch('BatchWriteItem'),
  TransactWriteItems: transaction('TransactWriteItems', {
    ConditionCheck: 'ConditionCheckItem',
    Delete: 'DeleteItem',
    Put: 'PutItem',
    Update: 'UpdateItem',
  }),
  ExecuteStatement: {
    uses: (input) => [statementUse(input)],
    renamed: (input, rename) => renamedStatement(input, rename),
  },
};

/** The operations on items, which go to the engine. */
export const ITEM_OPERATIONS = Object.keys(NAMINGS);

export function usesOf(operation: string, input: JsonInput): TableUse[] {
  return NAMINGS[operation]?.uses(input) ?? [];
}

export function withTablesRenamed(
  operation: string,
  input: JsonInput,
  rename: (table: string) => string,
): JsonInput {
  return NAMINGS[operation]?.renamed(input, rename) ?? input;
}

/** A condition for faults: true if the call uses the table of this name. */
export function onTable(name: string): (call: AwsCall) => boolean {
  return (call) =>
    usesOf(operationOf(call.headers, call.body), JSON.parse(call.body) as JsonInput).some(
      ({ table }) => table === name,
    );
}

function oneTable(action: string): TableNaming {
  return {
    uses: (input) => {
      const index = input['IndexName'];
      return [
        {
          action,
          table: tableNameOf(input),
          index: typeof index === 'string' ? index : undefined,
          ...(action === 'Query' && { leadingKeys: partitionsOf(input) }),
        },
      ];
    },
    renamed: (input, rename) => ({ ...input, TableName: rename(tableNameOf(input)) }),
  };
}

/** The partition key of `#key = :value`, alone or before a condition on the sort key; empty for any other form. */
function partitionsOf(input: JsonInput): readonly string[] {
  const { KeyConditionExpression: condition, ExpressionAttributeValues: values } = input;
  const [, name = ''] = /^\s*#?\w+\s*=\s*(:\w+)\s*(?:AND\b|$)/i.exec(String(condition)) ?? [];
  const { S: text } = (((values ?? {}) as Members)[name] ?? {}) as { readonly S?: string };
  return text === undefined ? [] : [text];
}

function batch(action: string): TableNaming {
  const requestsOf = (input: JsonInput): Members => (input['RequestItems'] ?? {}) as Members;
  return {
    uses: (input) => Object.keys(requestsOf(input)).map((table) => ({ action, table })),
    renamed: (input, rename) => ({
      ...input,
      RequestItems: Object.fromEntries(
        Object.entries(requestsOf(input)).map(([table, each]) => [rename(table), each]),
      ),
    }),
  };
}

function transaction(enclosing: string, actions: Readonly<Record<string, string>>): TableNaming {
  const itemsOf = (input: JsonInput): Members[] => (input['TransactItems'] ?? []) as Members[];
  return {
    uses: (input) =>
      itemsOf(input).flatMap((item) =>
        Object.entries(actions)
          .filter(([member]) => item[member] !== undefined)
          .map(([member, action]) => ({
            action,
            table: tableNameOf(item[member] as Members),
            ...(member !== 'ConditionCheck' && { enclosing }),
          })),
      ),
    // Unknown members are dropped, because they were not authorized either.
    renamed: (input, rename) => ({
      ...input,
      TransactItems: itemsOf(input).map((item) =>
        Object.fromEntries(
          Object.entries(item)
            .filter(([member]) => member in actions)
            .map(([member, part]) => [
              member,
              { ...(part as Members), TableName: rename(tableNameOf(part as Members)) },
            ]),
        ),
      ),
    }),
  };
}

function statementUse(input: Members): TableUse {
  return targetOf(statementOf(input));
}

function renamedStatement(input: Members, rename: (table: string) => string): Members {
  const statement = statementOf(input);
  return { ...input, Statement: retarget(statement, rename(targetOf(statement).table)) };
}

function tableNameOf(input: Members): string {
  return required(input['TableName'], 'tableName');
}

function statementOf(input: Members): string {
  return required(input['Statement'], 'statement');
}

function required(value: unknown, member: string): string {
  if (typeof value === 'string') return value;
  throw new AwsFault(
    'ValidationException',
    `1 validation error detected: Value null at '${member}' failed to satisfy constraint: Member must not be null`,
  );
}

interface StatementTarget {
  /** `PartiQLSelect`, ...: IAM has an action for each kind of statement. */
  readonly action: string;
  readonly table: string;
  readonly index: string | undefined;
}

const NAME = String.raw`(?:"([^"]+)"|([A-Za-z_][\w.-]*))`;
/** A statement of DynamoDB's PartiQL has one table, which follows the verb. */
const FORMS = [
  [
    'PartiQLSelect',
    new RegExp(String.raw`^(\s*SELECT\s[\s\S]*?\sFROM\s+)${NAME}(?:\.${NAME})?`, 'i'),
  ],
  [
    'PartiQLSelect',
    new RegExp(String.raw`^(\s*EXISTS\s*\(\s*SELECT\s[\s\S]*?\sFROM\s+)${NAME}(?:\.${NAME})?`, 'i'),
  ],
  ['PartiQLInsert', new RegExp(String.raw`^(\s*INSERT\s+INTO\s+)${NAME}`, 'i')],
  ['PartiQLUpdate', new RegExp(String.raw`^(\s*UPDATE\s+)${NAME}`, 'i')],
  ['PartiQLDelete', new RegExp(String.raw`^(\s*DELETE\s+FROM\s+)${NAME}`, 'i')],
] as const;

export function targetOf(statement: string): StatementTarget {
  const { action, match } = parsed(statement);
  return { action, table: match[2] ?? match[3] ?? '', index: match[4] ?? match[5] };
}

/** The same statement on another table. */
export function retarget(statement: string, table: string): string {
  const { match } = parsed(statement);
  const [whole, before = ''] = match;
  const index = match[4] ?? match[5];
  return `${before}"${table}"${index === undefined ? '' : `."${index}"`}${statement.slice(whole.length)}`;
}

function parsed(statement: string): { action: string; match: RegExpExecArray } {
  for (const [action, form] of FORMS) {
    const match = form.exec(statement);
    if (match !== null) return { action, match };
  }
  throw new AwsFault(
    'ValidationException',
    `Statement wasn't well formed, can't be processed: ${statement}`,
  );
}
