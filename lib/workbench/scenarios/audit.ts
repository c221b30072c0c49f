import { callAws, type LocalCredentials } from '../cloud/client.ts';

interface Endpoint {
  readonly url: string;
  readonly region: string;
}

type Attribute = Readonly<Record<string, unknown>>;

/** An entry as a reader of the audit table finds it; the table's other attributes are left out. */
export interface LedgerRow {
  readonly entry: string;
  readonly observedAt: string;
  readonly standing: string;
  readonly validityEnd: string;
  readonly what: readonly string[];
}

/** The ledger of one contract, read with a query as docs/audit-table.md shows it. */
export async function ledgerRows(
  endpoint: Endpoint,
  credentials: LocalCredentials,
  table: string,
  contract: string,
): Promise<LedgerRow[]> {
  const { Items: items } = await callAws(endpoint, credentials, 'dynamodb', 'Query', {
    TableName: table,
    KeyConditionExpression: 'contract = :contract',
    ExpressionAttributeValues: { ':contract': { S: contract } },
  });
  return (items as readonly Readonly<Record<string, Attribute>>[]).filter(isEntry).map((item) => ({
    entry: text(item, 'entry'),
    observedAt: text(item, 'observedAt'),
    standing: text(item, 'standing'),
    validityEnd: text(item, 'validityEnd'),
    what: happenings(item),
  }));
}

/** What stands in the whole audit table: entries, and the names of their changes with how often each. */
export async function auditCounts(
  endpoint: Endpoint,
  credentials: LocalCredentials,
  table: string,
): Promise<{ entries: number; names: ReadonlyMap<string, number> }> {
  const names = new Map<string, number>();
  let entries = 0;
  let from: unknown;
  do {
    const page = await callAws(endpoint, credentials, 'dynamodb', 'Scan', {
      TableName: table,
      ...(from === undefined ? {} : { ExclusiveStartKey: from }),
    });
    for (const item of (page['Items'] as readonly Readonly<Record<string, Attribute>>[]).filter(
      isEntry,
    )) {
      entries += 1;
      for (const name of happenings(item)) names.set(name, (names.get(name) ?? 0) + 1);
    }
    from = page['LastEvaluatedKey'];
  } while (from !== undefined);
  return { entries, names: new Map([...names].sort()) };
}

/** Beside an entry lie the facts of its delivery, `<entry>#buyer` and `<entry>#seller`. */
function isEntry(item: Readonly<Record<string, Attribute>>): boolean {
  return !text(item, 'entry').includes('#');
}

function happenings(item: Readonly<Record<string, Attribute>>): string[] {
  const changes = ((item['changeTypes']?.['L'] ?? []) as readonly Attribute[]).map((each) =>
    String(each['S']),
  );
  return text(item, 'kind') === 'reminder' || item['reminder']?.['M'] !== undefined
    ? [...changes, 'reminder']
    : changes;
}

function text(item: Readonly<Record<string, Attribute>>, name: string): string {
  const value = item[name]?.['S'];
  return typeof value === 'string' ? value : '';
}
