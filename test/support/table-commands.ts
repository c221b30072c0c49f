import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  ExecuteStatementCommand,
  GetItemCommand,
  QueryCommand,
  ScanCommand,
  type AttributeValue,
} from '@aws-sdk/client-dynamodb';
import { shellWords } from './document.ts';

type Item = Record<string, AttributeValue>;

/** An AWS CLI command on a table as an SDK request: the CLI has an option for each member of the request. */
export interface TableCommand {
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** The CLI's own options, which shape the output. */
const PRINTING = ['query', 'output'];

export function tableCommand(command: string): TableCommand {
  const [aws, service, operation = '', ...options] = shellWords(command);
  if (aws !== 'aws' || service !== 'dynamodb') throw new Error(`no command on a table: ${command}`);
  const input: Record<string, unknown> = {};
  for (let at = 0; at < options.length; at += 1) {
    const [, negated, name] = /^--(no-)?([a-z0-9-]+)$/.exec(options[at] ?? '') ?? [];
    if (name === undefined) throw new Error(`no option: ${options[at] ?? ''} in ${command}`);
    const next = options[at + 1];
    const isFlag = next === undefined || next.startsWith('--');
    if (!isFlag) at += 1;
    if (!PRINTING.includes(name))
      input[memberOf(name)] = isFlag ? negated === undefined : valueOf(next);
  }
  return { operation, input };
}

/** Performs the command; returns the items of all pages, as the CLI does. */
export async function performed(
  client: DynamoDBClient,
  { operation, input }: TableCommand,
): Promise<readonly Item[]> {
  // The service itself refuses an invalid request.
  const request = input as never;
  switch (operation) {
    case 'get-item': {
      const { Item } = await client.send(new GetItemCommand(request));
      return Item === undefined ? [] : [Item];
    }
    case 'query':
      return (await client.send(new QueryCommand(request))).Items ?? [];
    case 'scan':
      return (await client.send(new ScanCommand(request))).Items ?? [];
    case 'execute-statement':
      return (await client.send(new ExecuteStatementCommand(request))).Items ?? [];
    default:
      throw new Error(`nobody tries ${operation} here`);
  }
}

/** An item as plain JSON, with numbers as numbers. */
export function plain(item: Item): Record<string, unknown> {
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, plainValue(value)]));
}

function plainValue(value: AttributeValue): unknown {
  if (value.M !== undefined) return plain(value.M);
  if (value.L !== undefined) return value.L.map(plainValue);
  if (value.N !== undefined) return Number(value.N);
  if (value.NULL === true) return null;
  return value.S ?? value.BOOL;
}

function memberOf(option: string): string {
  return option
    .split('-')
    .map((part) => `${part.charAt(0).toUpperCase()}${part.slice(1)}`)
    .join('');
}

function valueOf(text: string): unknown {
  if (/^\d+$/.test(text)) return Number(text);
  return /^[[{]/.test(text) ? (JSON.parse(text) as unknown) : text;
}
