import type { PolicyDocument } from '../authorizer.ts';
import { AwsFault } from '../fault.ts';

export interface TableId {
  readonly accountId: string;
  readonly region: string;
  readonly name: string;
}

/** The facts about a table that the engine does not keep: its ARN, its policy and its deletion protection. */
export interface Table extends TableId {
  readonly arn: string;
  readonly resourcePolicy: PolicyDocument | undefined;
  readonly deletionProtection: boolean;
}

/** The tables of all accounts and Regions. */
export class Tables {
  readonly #tables = new Map<string, Table>();

  find(id: TableId): Table | undefined {
    return this.#tables.get(engineName(id));
  }

  keep(table: Table): void {
    this.#tables.set(engineName(table), table);
  }

  forget(id: TableId): void {
    this.#tables.delete(engineName(id));
  }
}

/** DynamoDB's limit for the length of a name. */
const MAX_NAME = 255;

/** The table's name in the engine, unique across accounts and Regions. */
export function engineName({ accountId, region, name }: TableId): string {
  const full = `${accountId}.${region}.${name}`;
  if (full.length > MAX_NAME) {
    throw new AwsFault(
      'ValidationException',
      `the local cloud has room for table names of ${MAX_NAME - accountId.length - region.length - 2} characters, got ${name.length}: ${name}`,
    );
  }
  return full;
}

/** The table of this name in the caller's account and Region. */
export function tableId(name: string, caller: Omit<TableId, 'name'>): TableId {
  if (name.startsWith('arn:'))
    throw new AwsFault('ValidationException', `the local cloud knows tables by name, got ${name}`);
  return { accountId: caller.accountId, region: caller.region, name };
}

export function tableArn({ accountId, region, name }: TableId, partition = 'aws'): string {
  return `arn:${partition}:dynamodb:${region}:${accountId}:table/${name}`;
}
