import { callAws, type LocalCredentials } from '../cloud/client.ts';
import type { Cloud } from '../cloud/cloud.ts';
import { SELLER_ACCOUNT } from './participants.ts';
import type { ScenarioRun, ScenarioBuyer } from './scenario-run.ts';

interface Endpoint {
  readonly url: string;
  readonly region: string;
}

type Attribute = Readonly<Record<string, unknown>>;

/** An entry as the audit table shows it, without the table's other attributes. */
export interface LedgerRow {
  readonly entry: string;
  readonly observedAt: string;
  readonly standing: string;
  readonly validityEnd: string;
  readonly what: readonly string[];
}

/** The ledger of one contract, read with the query in docs/audit-table.md. */
async function ledgerRows(
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

/** Counts the entries of the whole audit table, and how often each name of a change occurs. */
async function auditCounts(
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

/** True for an entry; the facts of its delivery have the keys `<entry>#buyer` and `<entry>#seller`. */
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

/** The ledger of one buyer, 80 columns wide. */
export async function ledgerTable(
  cloud: Cloud,
  table: string,
  { name, accountId, productId }: ScenarioBuyer,
): Promise<string> {
  const contract = `${accountId}#${productId}`;
  const rows = await ledgerRows(cloud, cloud.keys(SELLER_ACCOUNT), table, contract);
  const lines = rows.map(({ entry, observedAt, standing, validityEnd, what }) =>
    [
      entry.replace(/^0+/, '').padStart(3),
      minutes(observedAt),
      standing.padEnd(10),
      validityEnd.slice(0, 10).padEnd(10),
      what.join(', '),
    ].join('  '),
  );
  return [
    `The ledger of ${name} (${contract})`,
    '     seen at           standing    ends        what',
    ...lines,
  ].join('\n');
}

/** The results of the scenario, in counts. */
export async function sum(run: ScenarioRun, table: string, elapsedMs: number): Promise<string> {
  const { cloud, sweepCount } = run;
  const { entries, names } = await auditCounts(cloud, cloud.keys(SELLER_ACCOUNT), table);
  const calls = cloud.calls();
  const perService = Map.groupBy(calls, ([operation]) => operation.split(':')[0] ?? '');
  const callLines = [...perService].map(
    ([service, each]) => `${service} ${each.reduce((total, [, count]) => total + count, 0)}`,
  );
  const lines = [
    `sweeps: ${sweepCount}   checks: ${calls.get('sts:AssumeRole') ?? 0}   entries: ${entries}   e-mails: ${run.notices().length}`,
    `AWS calls: ${callLines.join(', ')}`,
    `changes: ${[...names].map(([name, count]) => `${name} ${count}`).join(', ')}`,
    `seats held: ${cloud.licenseManager.seatsHeld()}`,
    `told in ${(elapsedMs / 1000).toFixed(1)} s`,
  ];
  return lines.flatMap(wrapped).join('\n');
}

const WIDTH = 80;

/** Wraps a line at spaces and indents its continuation. */
function wrapped(line: string): readonly string[] {
  if (line.length <= WIDTH) return [line];
  const at = line.lastIndexOf(' ', WIDTH);
  return at <= 2
    ? [line]
    : [line.slice(0, at).trimEnd(), ...wrapped(`  ${line.slice(at).trimStart()}`)];
}

function minutes(instant: string): string {
  return instant.slice(0, 16).replace('T', ' ');
}
